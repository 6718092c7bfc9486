import { distinctSubmissions } from '../audit/candidates';
import type { Finding, Gate } from '../audit/finding';
import { gates } from '../audit/finding';
import { grouped } from '../audit/grouped';
import { type KnownStanding, knownStandings } from '../audit/known';
import { holds, type Sensitivity } from '../audit/release';
import type { AssertionStanding, AuditedBundle, AuditResult, RowStanding } from '../audit/result';
import type { AuditInput, Submission, SubmittedRecord } from '../audit/submission';
import type { SutKind } from '../audit/work-queue';
import type { KnownFailure } from '../spec/known-failures';
import type { LedgerAssertion } from '../spec/ledger';
import type { Proof } from '../spec/proofs';
import { anchorOf } from './anchor';

export interface Audited {
  readonly input: AuditInput;
  readonly result: AuditResult;
  /** The known failures of all releases. */
  readonly known?: readonly KnownFailure[];
  /** How well the suite is known to see. */
  readonly sensitivity?: Sensitivity;
}

/** Findings with one sentence about several assertions, shown once. */
export interface FindingGroup extends Pick<Finding, 'gate' | 'row' | 'sut' | 'wrong' | 'effect'> {
  readonly places: readonly Pick<Finding, 'id' | 'variant' | 'missing' | 'where'>[];
}

export interface GateView {
  readonly gate: Gate;
  readonly state: 'passed' | 'failed' | 'amended' | 'remarked';
  /** Number of its findings. */
  readonly findings: number;
}

/** A record as a bundle lists it, and the bundle. */
export interface RecordView extends SubmittedRecord {
  readonly submission: Submission;
}

/** One assertion, in one variant, for one kind of system under test. */
export interface KindView extends AssertionStanding {
  readonly sut: SutKind;
  readonly records: readonly RecordView[];
  readonly findings: readonly Finding[];
  /** Failed and known, or known and passed; null otherwise. */
  readonly known: KnownStanding | null;
}

export interface AssertionView {
  readonly anchor: string;
  readonly id: string;
  readonly variant: string | null;
  readonly level: 'core' | 'extended';
  readonly boundary: string;
  /** The ledger's entry; undefined for an ID that the ledger does not know. */
  readonly ledger: Pick<LedgerAssertion, 'observe' | 'expect' | 'red' | 'reports'> | undefined;
  readonly kinds: readonly KindView[];
  /** The defects that were seen to turn it red, and whether that holds for the present suite and SUT. */
  readonly seenRed: readonly SeenRed[];
}

export interface SeenRed extends Pick<Proof, 'defect' | 'at'> {
  readonly holds: boolean;
}

export interface RowKindView extends RowStanding {
  readonly gates: readonly GateView[];
}

export interface RowView {
  readonly row: string;
  readonly title: string;
  readonly owner: string;
  readonly kinds: readonly RowKindView[];
  readonly assertions: readonly AssertionView[];
}

export interface BundleView extends AuditedBundle {
  readonly submission: Submission | undefined;
}

/** The content of the report, in its order. Everything is derived; nothing is judged here. */
export interface ReportModel {
  readonly now: string;
  readonly complete: boolean;
  readonly kinds: readonly SutKind[];
  readonly rows: readonly RowView[];
  readonly findings: Readonly<Record<Finding['effect'], readonly FindingGroup[]>>;
  /** Records of no assertion that was asked for. */
  readonly others: readonly RecordView[];
  readonly bundles: readonly BundleView[];
  /** Known failures that are red, and those that turned green. */
  readonly known: readonly KnownStanding[];
  /** Number of records in all bundles. */
  readonly records: number;
}

const key = (...parts: readonly (string | null)[]) => JSON.stringify(parts);

/** Joins an audit's result with the evidence behind it. Pure; linear in records and findings. */
export function reportModel({ input, result, known: listed = [], sensitivity }: Audited): ReportModel {
  const submissions = distinctSubmissions(input.submissions);
  const records = submissions.flatMap((submission) => submission.records.map((one) => ({ ...one, submission })));
  const byAssertion = grouped(records, ({ listed, submission }) => key(listed.id, listed.variant, kindOf(submission)));
  const findingsOf = grouped(result.findings, ({ id, variant, row }) => key(row, id, variant));
  const known = knownStandings(result, listed);
  const knownBy = new Map(known.map((one) => [key(one.row, one.id, one.variant, one.sut), one]));
  const seenRed = seenRedBy(sensitivity);
  const rows = [...grouped(result.rows, ({ row }) => row).values()].map((kinds) =>
    rowView(kinds, { input, result, byAssertion, findingsOf, knownBy, seenRed }),
  );
  const shown = new Set(
    rows.flatMap(({ assertions }) => assertions.flatMap((one) => one.kinds.flatMap((kind) => kind.records))),
  );
  const groups = (effect: Finding['effect']) => groupFindings(result.findings.filter((one) => one.effect === effect));
  return {
    now: input.now,
    complete: result.complete,
    kinds: [...new Set(result.rows.map(({ sut }) => sut))],
    rows,
    findings: { blocks: groups('blocks'), amended: groups('amended'), tells: groups('tells') },
    others: records.filter((one) => !shown.has(one)),
    bundles: result.bundles.map((bundle) => ({
      ...bundle,
      submission: submissions.find(({ digest }) => digest === bundle.digest),
    })),
    known,
    records: records.length,
  };
}

/** By assertion, each defect once. */
function seenRedBy(sensitivity: Sensitivity | undefined): ReadonlyMap<string, readonly SeenRed[]> {
  if (sensitivity === undefined) return new Map();
  const byAssertion = grouped(sensitivity.proofs, ({ id }) => id);
  return new Map(
    [...byAssertion].map(([id, proofs]) => {
      const defects = new Map(proofs.map((one) => [one.defect, { ...one, holds: holds(one, sensitivity) }]));
      return [id, [...defects.values()].map(({ defect, at, holds: still }) => ({ defect, at, holds: still }))];
    }),
  );
}

interface Lookup extends Omit<Audited, 'known' | 'sensitivity'> {
  readonly byAssertion: ReadonlyMap<string, readonly RecordView[]>;
  readonly findingsOf: ReadonlyMap<string, readonly Finding[]>;
  readonly knownBy: ReadonlyMap<string, KnownStanding>;
  readonly seenRed: ReadonlyMap<string, readonly SeenRed[]>;
}

function rowView(kinds: readonly RowStanding[], lookup: Lookup): RowView {
  const [first] = kinds;
  if (!first) throw new Error('a row without a standing');
  const views = kinds.flatMap(({ sut, row, assertions }) =>
    assertions.map((one): KindView => {
      const of = lookup.findingsOf.get(key(row, one.id, one.variant)) ?? [];
      return {
        ...one,
        sut,
        records: lookup.byAssertion.get(key(one.id, one.variant, sut)) ?? [],
        findings: of.filter((finding) => finding.sut === null || finding.sut === sut),
        known: lookup.knownBy.get(key(row, one.id, one.variant, sut)) ?? null,
      };
    }),
  );
  return {
    row: first.row,
    title: first.title,
    owner: first.owner,
    kinds: kinds.map((kind) => ({ ...kind, gates: gateViews(kind, lookup.result.findings) })),
    assertions: [...grouped(views, anchorOf)].flatMap(([anchor, [one, ...more]]) =>
      one === undefined
        ? []
        : [
            {
              anchor,
              id: one.id,
              variant: one.variant,
              level: one.level,
              boundary: one.boundary,
              ledger: lookup.input.ledger.byId.get(one.id),
              kinds: [one, ...more],
              seenRed: lookup.seenRed.get(one.id) ?? [],
            },
          ],
    ),
  };
}

function gateViews({ row, sut }: RowStanding, findings: readonly Finding[]): GateView[] {
  const ofRow = findings.filter((one) => one.row === row && (one.sut === null || one.sut === sut));
  return (Object.keys(gates) as Gate[]).map((gate) => {
    const of = ofRow.filter((one) => one.gate === gate);
    const having = (effect: Finding['effect']) => of.some((one) => one.effect === effect);
    const state = having('blocks') ? 'failed' : having('amended') ? 'amended' : having('tells') ? 'remarked' : 'passed';
    return { gate, state, findings: of.length };
  });
}

function groupFindings(findings: readonly Finding[]): FindingGroup[] {
  return [...grouped(findings, ({ row, sut, gate, wrong }) => key(row, sut, gate, wrong)).values()].flatMap(
    ([first, ...more]) => (first === undefined ? [] : [{ ...first, places: [first, ...more] }]),
  );
}

export function kindOf({ bundle }: Submission): SutKind {
  return bundle.predicate['phase9/v1'].sut.kind;
}

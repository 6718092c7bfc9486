import type { EvidenceRecord } from '../evidence/record';
import type { ScenarioSummary } from '../evidence/scenario-summary';
import type { LedgerAssertion } from '../spec/ledger';
import { compare, type Finding, type Gate } from './finding';
import { grouped } from './grouped';
import type { AuditInput, NamedContract, SpecifiedStep, Submission, SubmittedRecord } from './submission';
import type { SutKind } from './work-queue';

/** A record that is offered as evidence, with everything that the gates compare it with. */
export interface Candidate {
  readonly submission: Submission;
  readonly kind: SutKind;
  /** The row that the ledger gives its ID; the row in the bundle where the ledger does not know the ID. */
  readonly row: string;
  readonly id: string;
  readonly variant: string | null;
  readonly submitted: SubmittedRecord;
  /** Undefined where the record's file is missing or is not a record. */
  readonly record: EvidenceRecord | undefined;
  readonly assertion: LedgerAssertion | undefined;
  /** The contract of the feature that the record comes from. */
  readonly contract: NamedContract | undefined;
  /** The summary that its scenario left at its end; undefined when the bundle has none. */
  readonly scenario: ScenarioSummary | undefined;
  /** The step of the features that makes the assertion, in the scenario that the record names. */
  readonly step: SpecifiedStep | undefined;
  /** Path of the record's file. */
  readonly where: string;
}

/** An assertion that a row requires, in one of its variants. */
export interface RequiredAssertion {
  readonly assertion: LedgerAssertion;
  readonly variant: string | null;
}

/** Everything submitted, looked up once for all gates. */
export interface Evidence {
  readonly input: AuditInput;
  readonly candidates: readonly Candidate[];
  /** Every row asked for, for every kind asked for. */
  readonly rows: readonly { readonly kind: SutKind; readonly row: string }[];
  /** The candidates of one assertion; their order means nothing. */
  readonly of: (kind: SutKind, id: string, variant: string | null) => readonly Candidate[];
  readonly ofRow: (kind: SutKind, row: string) => readonly Candidate[];
  /** The bundles with records of a row. */
  readonly bundlesOf: (kind: SutKind, row: string) => readonly Submission[];
}

/** Every assertion of a row, once for each of its variants, in the ledger's order. */
export function requiredBy({ ledger }: Pick<AuditInput, 'ledger'>, row: string): RequiredAssertion[] {
  return (ledger.rows[row]?.assertions ?? []).flatMap((assertion) =>
    (assertion.variants.length > 0 ? assertion.variants : [null]).map((variant) => ({
      assertion: { ...assertion, row },
      variant,
    })),
  );
}

export const featureOf = (scenario: string) => scenario.replace(/:\d+$/, '');

/** A text that stands for these parts together in a map or a set. */
export const key = (...parts: readonly (string | null)[]) => parts.map((one) => one ?? '').join('\0');

/** Path of a file that lies beside a bundle. */
export function besideBundle({ where }: Pick<Submission, 'where'>, file: string): string {
  return `${where.replace(/[^/]*$/, '')}${file}`;
}

/** Joins the submitted records of the asked rows and kinds with ledger, contracts, features and scenarios. Linear in them. */
export function gather(input: AuditInput): Evidence {
  const candidates = distinctSubmissions(input.submissions).flatMap(candidatesFrom(input));
  const byAssertion = grouped(candidates, ({ kind, id, variant }) => key(kind, id, variant));
  const byRow = grouped(candidates, ({ kind, row }) => key(kind, row));
  const bundles = new Map(
    [...byRow].map(([name, of]) => [name, [...new Set(of.map(({ submission }) => submission))]] as const),
  );
  return {
    input,
    candidates,
    rows: input.kinds.flatMap((kind) => input.rows.map((row) => ({ kind, row }))),
    of: (kind, id, variant) => byAssertion.get(key(kind, id, variant)) ?? [],
    ofRow: (kind, row) => byRow.get(key(kind, row)) ?? [],
    bundlesOf: (kind, row) => bundles.get(key(kind, row)) ?? [],
  };
}

function candidatesFrom(input: AuditInput): (submission: Submission) => Candidate[] {
  const contracts = new Map(
    input.contracts.flatMap((one) => one.contract.features.map((feature) => [feature, one] as const)),
  );
  const steps = new Map(input.specification.map((one) => [key(one.id, one.variant, one.scenario), one]));
  const rows = new Set(input.rows);
  const kinds = new Set(input.kinds);
  return (submission) => {
    const { sut, scenarios } = submission.bundle.predicate['phase9/v1'];
    if (!kinds.has(sut.kind)) return [];
    const ended = new Map(scenarios.map((one) => [one.scenario, one]));
    return submission.records.flatMap((submitted) => {
      const { id, variant, path, scenario } = submitted.listed;
      const assertion = input.ledger.byId.get(id);
      const row = assertion?.row ?? submitted.listed.row;
      if (!rows.has(row)) return [];
      return [
        {
          submission,
          kind: sut.kind,
          row,
          id,
          variant,
          submitted,
          record: 'record' in submitted.found ? submitted.found.record : undefined,
          assertion,
          contract: contracts.get(featureOf(scenario)),
          scenario: ended.get(scenario),
          step: steps.get(key(id, variant, scenario)),
          where: besideBundle(submission, path),
        },
      ];
    });
  };
}

/**
 * The same bundle given twice counts once if the files beside it are the same, too: an altered or leaking copy is not made good by
 * another. Sorted by place, so that their order changes nothing.
 */
export function distinctSubmissions(submissions: readonly Submission[]): Submission[] {
  return [...grouped(submissions, ({ digest }) => digest).values()]
    .flatMap((same) => {
      if (same.length === 1) return same;
      const sorted = [...same].sort((a, b) => compare(a.where, b.where)).reverse();
      return [...new Map(sorted.map((one) => [JSON.stringify({ ...one, where: '' }), one])).values()];
    })
    .sort((a, b) => compare(a.where, b.where));
}

/** A finding about one record, which blocks its row. */
export function about(
  { row, id, variant, kind, where }: Candidate,
  gate: Gate,
  wrong: string,
  missing: string | null = null,
): Finding {
  return { gate, row, id, variant, sut: kind, wrong, missing, where, effect: 'blocks' };
}

/** A finding about a row for one kind, which blocks it. */
export function aboutRow(
  row: string,
  sut: SutKind | null,
  gate: Gate,
  wrong: string,
  { missing = null, where = null }: { readonly missing?: string | null; readonly where?: string | null } = {},
): Finding {
  return { gate, row, id: null, variant: null, sut, wrong, missing, where, effect: 'blocks' };
}

/** Whether a record claims that its assertion holds. */
export function claimsPass({ record }: Candidate): boolean {
  return record?.verdict === 'passed';
}

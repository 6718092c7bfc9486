import type { EvidenceRecord } from '../evidence/record';
import type { ScenarioSummary } from '../evidence/scenario-summary';
import type { LedgerAssertion } from '../spec/ledger';
import { compare, type Finding, type Gate } from './finding';
import type { AuditInput, NamedContract, SpecifiedStep, Submission, SubmittedRecord } from './submission';
import type { SutKind } from './work-queue';

/** A record that is offered as evidence, with all that the gates compare it with. */
export interface Candidate {
  readonly submission: Submission;
  readonly kind: SutKind;
  /** The row that the ledger gives its ID; what the bundle says where the ledger does not know the ID. */
  readonly row: string;
  readonly id: string;
  readonly variant: string | null;
  readonly submitted: SubmittedRecord;
  /** The record; undefined where its file is missing or is none. */
  readonly record: EvidenceRecord | undefined;
  readonly assertion: LedgerAssertion | undefined;
  /** The contract of the feature that it comes from. */
  readonly contract: NamedContract | undefined;
  /** What its scenario left at its end; undefined when the bundle has nothing of it. */
  readonly scenario: ScenarioSummary | undefined;
  /** The step of the features that makes the assertion, in the scenario that the record names. */
  readonly step: SpecifiedStep | undefined;
  /** Path of the record's file. */
  readonly where: string;
}

/** An assertion that a row owes, once a variant. */
export interface Owed {
  readonly assertion: LedgerAssertion;
  readonly variant: string | null;
}

/** What is submitted, looked up once for all gates. */
export interface Evidence {
  readonly input: AuditInput;
  readonly candidates: readonly Candidate[];
  /** The candidates of one assertion; in no order that means anything. */
  readonly of: (kind: SutKind, id: string, variant: string | null) => readonly Candidate[];
  readonly ofRow: (kind: SutKind, row: string) => readonly Candidate[];
}

/** Every assertion of a row, in the ledger's order. */
export function owedBy({ ledger }: Pick<AuditInput, 'ledger'>, row: string): Owed[] {
  return (ledger.rows[row]?.assertions ?? []).flatMap((assertion) =>
    (assertion.variants.length > 0 ? assertion.variants : [null]).map((variant) => ({
      assertion: { ...assertion, row },
      variant,
    })),
  );
}

export const featureOf = (scenario: string) => scenario.replace(/:\d+$/, '');

const key = (...parts: readonly (string | null)[]) => parts.map((one) => one ?? '').join('\0');

/** Lays the submitted records of the asked rows and kinds beside ledger, contracts, features and scenarios. Linear in them. */
export function gather(input: AuditInput): Evidence {
  const contracts = new Map<string, NamedContract>();
  for (const one of input.contracts) for (const feature of one.contract.features) contracts.set(feature, one);
  const steps = new Map(input.specification.map((one) => [key(one.id, one.variant, one.scenario), one]));
  const rows = new Set(input.rows);
  const kinds = new Set(input.kinds);
  const candidates: Candidate[] = [];
  const byAssertion = new Map<string, Candidate[]>();
  const byRow = new Map<string, Candidate[]>();
  for (const submission of distinctSubmissions(input.submissions)) {
    const { sut, scenarios } = submission.bundle.predicate['phase9/v1'];
    if (!kinds.has(sut.kind)) continue;
    const ended = new Map(scenarios.map((one) => [one.scenario, one]));
    for (const submitted of submission.records) {
      const { id, variant, path, scenario } = submitted.listed;
      const assertion = input.ledger.byId.get(id);
      const row = assertion?.row ?? submitted.listed.row;
      if (!rows.has(row)) continue;
      const candidate: Candidate = {
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
        where: `${submission.where.replace(/[^/]*$/, '')}${path}`,
      };
      candidates.push(candidate);
      push(byAssertion, key(sut.kind, id, variant), candidate);
      push(byRow, key(sut.kind, row), candidate);
    }
  }
  return {
    input,
    candidates,
    of: (kind, id, variant) => byAssertion.get(key(kind, id, variant)) ?? [],
    ofRow: (kind, row) => byRow.get(key(kind, row)) ?? [],
  };
}

/**
 * The same bundle given twice is one bundle, if what lies with it is the same, too: a copy whose records were changed, or that holds a secret,
 * is not made good by another. Sorted by place, so that their order changes nothing.
 */
export function distinctSubmissions(submissions: readonly Submission[]): Submission[] {
  const copies = new Map<string, Submission[]>();
  for (const one of submissions) push(copies, one.digest, one);
  return [...copies.values()]
    .flatMap((same) => {
      if (same.length === 1) return same;
      const sorted = [...same].sort((a, b) => compare(a.where, b.where)).reverse();
      return [...new Map(sorted.map((one) => [JSON.stringify({ ...one, where: '' }), one])).values()];
    })
    .sort((a, b) => compare(a.where, b.where));
}

function push<T>(map: Map<string, T[]>, at: string, value: T): void {
  const there = map.get(at);
  if (there) there.push(value);
  else map.set(at, [value]);
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

/** Whether a record is one that says that its assertion holds. */
export function claimsPass({ record }: Candidate): boolean {
  return record?.verdict === 'passed';
}

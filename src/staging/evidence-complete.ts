import type { AuditResult } from '../audit/result';
import { audit } from '../audit/audit';
import type { AuditInput, SubmittedRecord } from '../audit/submission';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The evidence of an earlier run, what the auditor says of it, and of it with one piece taken away. */
    submitted: AuditInput;
    judged: AuditResult;
    takenAway: readonly TakenAway[];
  }
}


/** One piece of evidence that was taken away, and what the audit then says of it. */
export interface TakenAway {
  readonly id: string;
  readonly variant: string | null;
  readonly core: boolean;
  /** Whether the row is unresolved now. */
  readonly unresolved: boolean;
  /** What the findings that name the assertion say is missing. */
  readonly missing: readonly (string | null)[];
}

type Change = (records: readonly SubmittedRecord[], hit: SubmittedRecord) => readonly SubmittedRecord[];

/** Judges the evidence once for every record in `hits`, with that one changed. */
export function judgeWithout(world: Phase9World, hits: (one: SubmittedRecord) => boolean, change: Change): void {
  const input = world.get('submitted');
  const taken = input.submissions.flatMap((submission) =>
    submission.records.filter(hits).map((hit): TakenAway => {
      const { id, variant, level, row } = hit.listed;
      const records = change(submission.records, hit);
      const submissions = input.submissions.map((one) => (one === submission ? { ...one, records } : one));
      const result = audit({ ...input, rows: [row], submissions });
      const findings = result.findings.filter((one) => one.id === id && one.variant === variant);
      return {
        id,
        variant,
        core: level === 'core',
        unresolved: result.rows.some(({ evidence }) => evidence === 'unresolved'),
        missing: findings.map(({ missing }) => missing),
      };
    }),
  );
  if (taken.length === 0) throw new Error('the evidence holds nothing that could be taken away');
  world.set({ takenAway: taken });
}

export const without: Change = (records, hit) => records.filter((one) => one !== hit);
export const withoutFile: Change = (records, hit) =>
  records.map((one) => (one === hit ? { ...one, found: { problem: `${one.listed.path} is not there` } } : one));

/** The ledger asks for this record; another variant than it names is no evidence for it. */
export function isOwed({ ledger }: AuditInput): (one: SubmittedRecord) => boolean {
  return ({ listed: { id, variant } }) => {
    const variants = ledger.byId.get(id)?.variants ?? [];
    return variants.length === 0 || (variant !== null && variants.includes(variant));
  };
}

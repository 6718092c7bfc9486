import { audit } from '../audit/audit';
import type { AuditResult } from '../audit/result';
import type { AuditInput, SubmittedRecord } from '../audit/submission';
import { sutKinds } from '../audit/work-queue';
import { loadAudit } from '../audit-input/load';
import { specifiedStep } from '../audit-input/specification';
import { readSettings } from '../settings';
import type { Phase9World } from '../world/world';
import { traceRows } from './auditor';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The evidence of an earlier run. */
    submitted: AuditInput;
    /** What the auditor finds in it. */
    judged: AuditResult;
    /** What the auditor finds in it with one piece removed, for each piece. */
    removals: readonly Removal[];
  }
}

/** One piece of evidence that was removed, and what the audit then finds. */
export interface Removal {
  readonly id: string;
  readonly variant: string | null;
  readonly core: boolean;
  /** Whether the row is unresolved now. */
  readonly unresolved: boolean;
  /** What is missing, by the findings that name the assertion. */
  readonly missing: readonly (string | null)[];
}

/** Loads the evidence that PHASE9_BUNDLE names, for the rows that it covers. @throws when it names none. */
export async function submitEarlierEvidence(world: Phase9World): Promise<void> {
  const { bundle } = readSettings();
  if (bundle === '') {
    throw new Error(
      'PHASE9_BUNDLE names no bundle, so this scenario was not run: it audits the evidence of an earlier run. ' +
        '`npm run full` makes one and audits it; or set PHASE9_BUNDLE to a run, its bundle.json, or a directory of runs',
    );
  }
  const specification = (await traceRows(world)).map(specifiedStep);
  const all = await loadAudit({
    paths: [bundle],
    rows: [],
    kinds: [],
    now: new Date(),
    specification,
    keep: 'for-audit',
  });
  const rows = all.rows.filter((row) =>
    all.submissions.some(({ records }) => records.some(({ listed }) => listed.row === row)),
  );
  world.set({ submitted: { ...all, rows } });
}

export function judgeEvidence(world: Phase9World): void {
  world.set({ judged: audit({ ...world.get('submitted'), kinds: sutKinds }) });
}

type Change = (records: readonly SubmittedRecord[], hit: SubmittedRecord) => readonly SubmittedRecord[];

const without: Change = (records, hit) => records.filter((one) => one !== hit);
const withoutFile: Change = (records, hit) =>
  records.map((one) => (one === hit ? { ...one, found: { problem: `${one.listed.path} is not there` } } : one));

/** The pieces of evidence that the auditor has to miss, by their name in the feature: which records have one, and how it goes. */
const PIECES: Readonly<Record<string, { readonly has: (one: SubmittedRecord) => boolean; readonly change: Change }>> = {
  record: { has: () => true, change: without },
  "record's file": { has: () => true, change: withoutFile },
  'variant of a record': { has: ({ listed }) => listed.variant !== null, change: without },
};

/** Judges the evidence once for each piece of that name, with that piece removed. @throws when there is none. */
export function judgeWithoutEach(world: Phase9World, piece: string): void {
  const { has, change } = PIECES[piece] ?? missingPiece(piece);
  const input = world.get('submitted');
  const owed = isOwed(input);
  const removals = input.submissions.flatMap((submission) =>
    submission.records
      .filter((one) => has(one) && owed(one))
      .map((hit): Removal => {
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
  if (removals.length === 0) throw new Error(`the evidence has no ${piece} that could be removed`);
  world.set({ removals });
}

function missingPiece(piece: string): never {
  throw new Error(`no piece of evidence is called "${piece}"; there are: ${Object.keys(PIECES).join(', ')}`);
}

/** The ledger asks for this record; another variant than it names is no evidence for it. */
function isOwed({ ledger }: AuditInput): (one: SubmittedRecord) => boolean {
  return ({ listed: { id, variant } }) => {
    const variants = ledger.byId.get(id)?.variants ?? [];
    return variants.length === 0 || (variant !== null && variants.includes(variant));
  };
}

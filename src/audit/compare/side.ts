import type { Bundle } from '../../evidence/bundle';
import type { SutIdentity, Verdict } from '../../evidence/record';
import { type KnownFailure, knownFailure } from '../../spec/known-failures';
import { SUITE } from '../../spec/suite-files';
import { compare } from '../finding';
import type { Submission } from '../submission';

/** What one side of a comparison is made of: one run, or several. */
export type SubmittedRun = Pick<Submission, 'where' | 'digest' | 'bundle' | 'records'>;

export interface ComparedRun {
  readonly run: string;
  readonly where: string;
  readonly producer: string;
  readonly startedAt: string;
  readonly digest: string;
  readonly result: Bundle['predicate']['result'];
  readonly restore: 'complete' | 'incomplete';
  readonly sut: SutIdentity;
  /** SHA-256 of the suite as a whole; null for a bundle that does not have it. */
  readonly suite: string | null;
}

/** `missing`: planned, and without a record; `absent`: not planned at all. */
export type State = Verdict | 'missing' | 'absent';

/** How one assertion, in one variant, stands on one side: its worst verdict of all runs. */
export interface SideState {
  readonly is: State;
  /** Number of runs with that verdict, and of those that have the assertion at all. */
  readonly runs: number;
  readonly of: number;
  /** Why it is no pass, from its record; null for a pass, or where no record could be read. */
  readonly reason: string | null;
  /** The path of the record, as a reader can open it. */
  readonly evidence: string | null;
  /** The known failure, of a failed one that is known on every release where it failed; or of a passed one, in the same way. */
  readonly known: KnownFailure | null;
}

export const ABSENT: SideState = { is: 'absent', runs: 0, of: 0, reason: null, evidence: null, known: null };

/** An assertion in one variant, with its row and level; null where no record of it says. */
export interface Assertion {
  readonly id: string;
  readonly variant: string | null;
  readonly row: string | null;
  readonly level: 'core' | 'extended' | null;
}

type Extension = Bundle['predicate']['phase9/v1'];

/** Whether an assertion is to be compared. Its row is null where no record says it. */
export type Within = (assertion: Pick<Assertion, 'id' | 'row'>) => boolean;

export interface Side {
  readonly runs: readonly ComparedRun[];
  readonly extensions: readonly Extension[];
  /** By ID and variant. */
  readonly states: ReadonlyMap<string, { readonly assertion: Assertion; readonly state: SideState }>;
  readonly warnings: readonly string[];
}

export function keyOf({ id, variant }: { readonly id: string; readonly variant: string | null }): string {
  return JSON.stringify([id, variant]);
}

const worstFirst = ['failed', 'not-run', 'missing', 'not-applicable', 'passed'] as const;

interface Seen {
  readonly assertion: Assertion;
  readonly is: Exclude<State, 'absent'>;
  readonly reason: string | null;
  readonly evidence: string | null;
  readonly known: KnownFailure | null;
}

/**
 * Reads one side from its runs; their order, or giving one twice, changes nothing.
 * @param name what messages call it: A or B
 * @param within which assertions are read; all without it
 */
export function sideOf(
  name: string,
  submitted: readonly SubmittedRun[],
  known: readonly KnownFailure[],
  within?: Within,
): Side {
  const runs = [...new Map(submitted.map((one) => [one.digest, one])).values()].sort((a, b) =>
    compare(startOf(a) + a.digest, startOf(b) + b.digest),
  );
  const seen = new Map<string, Seen[]>();
  for (const one of runs.flatMap((run) => seenIn(run, known))) {
    if (within?.(one.assertion) === false) continue;
    const key = keyOf(one.assertion);
    seen.set(key, [...(seen.get(key) ?? []), one]);
  }
  return {
    runs: runs.map(comparedRun),
    extensions: runs.map(({ bundle: { predicate } }) =>
      within === undefined ? predicate['phase9/v1'] : extensionWithin(predicate['phase9/v1'], within),
    ),
    states: new Map([...seen].map(([key, all]) => [key, merged(all)])),
    warnings: runs.flatMap((run) => warningsAbout(name, run)),
  };
}

/** What a run says of itself, with those scenarios alone that make an assertion within. */
function extensionWithin(extension: Extension, within: Within): Extension {
  const { records, missing, scenarios } = extension;
  const all = [...records, ...missing.map((one) => ({ ...one, row: null }))];
  const own = new Set(all.filter(within).map(({ scenario }) => scenario));
  return { ...extension, scenarios: scenarios.filter(({ scenario }) => own.has(scenario)) };
}

function startOf({ bundle }: SubmittedRun): string {
  return bundle.predicate['phase9/v1'].startedAt;
}

function comparedRun({ where, digest, bundle: { predicate } }: SubmittedRun): ComparedRun {
  const { run, producer, startedAt, sut, restore } = predicate['phase9/v1'];
  const suite = predicate.configuration.find((one) => one.name === SUITE)?.digest.sha256 ?? null;
  return { run, where, producer, startedAt, digest, result: predicate.result, restore, sut, suite };
}

/** A bundle.json alone is taken at its word; beside other records, one that cannot be read is missing. */
function isAlone({ records }: SubmittedRun): boolean {
  return records.every(({ found }) => 'problem' in found);
}

function seenIn(run: SubmittedRun, known: readonly KnownFailure[]): Seen[] {
  const { bundle, records, where } = run;
  const { sut, missing } = bundle.predicate['phase9/v1'];
  const alone = isAlone(run);
  const directory = where.replace(/[^/]*$/, '');
  return [
    ...records.map(({ listed, found }): Seen => {
      const { id, variant, row, level, verdict, path } = listed;
      const lost = 'problem' in found && !alone;
      const judged = verdict === 'failed' || verdict === 'passed';
      return {
        assertion: { id, variant, row, level },
        is: lost ? 'missing' : verdict,
        reason: lost ? found.problem : 'record' in found ? found.record.reason : null,
        evidence: 'record' in found ? directory + path : null,
        known: judged && !lost ? (knownFailure(known, sut, listed) ?? null) : null,
      };
    }),
    ...missing.map(({ id, variant }): Seen => {
      const reason = 'the run planned it, and has no record of it';
      return { assertion: { id, variant, row: null, level: null }, is: 'missing', reason, evidence: null, known: null };
    }),
  ];
}

function merged(all: readonly Seen[]): { readonly assertion: Assertion; readonly state: SideState } {
  const is = worstFirst.find((one) => all.some((seen) => seen.is === one)) ?? 'missing';
  const decisive = all.filter((seen) => seen.is === is);
  const [first] = decisive;
  const { assertion } = all.find((seen) => seen.assertion.row !== null) ?? { assertion: first?.assertion };
  if (!first || !assertion) throw new Error('an assertion that no run has');
  const known = decisive.every((seen) => seen.known !== null) ? first.known : null;
  return {
    assertion,
    state: { is, runs: decisive.length, of: all.length, reason: first.reason, evidence: first.evidence, known },
  };
}

function warningsAbout(name: string, run: SubmittedRun): string[] {
  const { where, records, bundle } = run;
  const { restore } = bundle.predicate['phase9/v1'];
  const spoilt = records.filter(({ listed, found }) => 'sha256' in found && found.sha256 !== listed.sha256);
  const [first] = spoilt;
  return [
    ...(records.length > 0 && isAlone(run)
      ? [`${name}: no record lies beside ${where}: its verdicts are taken from the bundle, without their reasons`]
      : []),
    ...(first
      ? [
          `${name}: ${spoilt.length} of the records in ${where} are not those that the bundle lists (${first.listed.id}); the bundle's verdicts are compared, and \`npx phase9 report\` makes it anew`,
        ]
      : []),
    ...(restore === 'incomplete' ? [`${name}: ${where}: the run did not restore everything`] : []),
  ];
}

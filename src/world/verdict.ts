import { existsSync } from 'node:fs';
import { AssertionContext } from '../evidence/assertion';
import { type EvidenceRecord, recordPath, type Verdict, writeRecord } from '../evidence/record';
import { bounded } from '../secrets/redact';
import type { AssertionBody, StepAssertion } from './step-meaning';
import type { Phase9World } from './world';

/** What was found out about an assertion, before it becomes a record. */
export type Found = Pick<
  EvidenceRecord,
  'execution' | 'startedAt' | 'trace' | 'expected' | 'observed' | 'reason' | 'verdict'
>;

/** Makes all comparisons of an assertion, with the trace of what it looked at. Never throws for a failed one. */
export async function makeAssertion(
  world: Phase9World,
  body: AssertionBody<Phase9World>,
  args: readonly unknown[],
  execution: EvidenceRecord['execution'],
): Promise<Found> {
  const a = new AssertionContext();
  const startedAt = new Date().toISOString();
  let failure: string | undefined;
  try {
    await body(a, world, ...(args as never[]));
    if (a.comparisons.length === 0) failure = 'the step compared nothing';
    else if (a.trace.entries.length === 0) failure = 'the step looked at nothing: its trace is empty';
  } catch (error) {
    failure = a.failedToRead(error);
  }
  const wrong = a.comparisons.filter(({ holds }) => !holds);
  const reasons = [
    ...(failure === undefined ? [] : [failure]),
    ...wrong.map(({ what, expected, observed }) => `${what}: expected ${expected}; observed ${observed}`),
  ];
  const verdict: Verdict = reasons.length > 0 ? 'failed' : 'passed';
  return {
    verdict,
    execution,
    startedAt,
    trace: [...a.trace.entries],
    expected: bounded(a.comparisons.map(({ what, expected }) => `${what}: ${expected}`).join('\n')),
    observed: bounded(a.comparisons.map(({ what, observed }) => `${what}: ${observed}`).join('\n')),
    reason: verdict === 'passed' ? null : bounded(reasons.join('\n')),
  };
}

/** The record of a verdict: what was found, with the place and the fixtures of its scenario. Nothing is written. */
export function recordOf(
  world: Phase9World,
  { entry, variant }: StepAssertion,
  found: Found,
  step: string = world.step.text,
): EvidenceRecord {
  const { place, run, identity } = world.own;
  return {
    id: entry.id,
    variant,
    row: entry.row,
    level: entry.level,
    boundary: entry.boundary,
    ...found,
    finishedAt: new Date().toISOString(),
    run,
    scenario: place.location,
    scenarioName: place.name,
    step,
    fixtures: [...world.fixtures],
    sut: identity,
  };
}

/** Writes the record of a verdict that was reached. @throws Error where the run has one: a first verdict is never overwritten */
export function record(world: Phase9World, assertion: StepAssertion, found: Found): EvidenceRecord {
  const made = recordOf(world, assertion, found);
  const file = recordPath(world.own.reports, made);
  if (existsSync(file))
    throw new Error(`${file} is there: a first verdict is never overwritten, so run it again in a run of its own`);
  writeRecord(world.own.reports, made);
  world.records.push(made);
  return made;
}

/** The record of an assertion for which nothing was looked at. */
export function recordUnseen(
  world: Phase9World,
  assertion: StepAssertion,
  verdict: 'not-run' | 'not-applicable',
  reason: string,
  execution: EvidenceRecord['execution'] = verdict === 'not-run' ? 'not-executed' : 'judged-at-end',
): EvidenceRecord {
  const startedAt = new Date().toISOString();
  return record(world, assertion, {
    ...{ verdict, execution, startedAt, trace: [], expected: '', observed: '' },
    reason: bounded(reason),
  });
}

/** Looks once, and writes a record for each assertion that this is the look of. */
export async function judge(
  world: Phase9World,
  assertions: readonly StepAssertion[],
  body: AssertionBody<Phase9World>,
  args: readonly unknown[],
  execution: EvidenceRecord['execution'] = 'executed',
): Promise<EvidenceRecord[]> {
  const found = await makeAssertion(world, body, args, execution);
  return assertions.map((one) => record(world, one, found));
}

/** One or more assertions of the ledger failed. The message names every one; those with the same reason stand together. */
export class AssertionsFailed extends Error {
  override readonly name = 'AssertionsFailed';
  constructor(records: readonly Pick<EvidenceRecord, 'id' | 'variant' | 'verdict' | 'reason'>[]) {
    const byReason = new Map<string, string[]>();
    for (const { id, variant, verdict, reason } of records) {
      const label = `${id}${variant === null ? '' : ` [${variant}]`}`;
      const key = `${verdict === 'not-run' ? 'not run' : verdict}: ${reason}`;
      byReason.set(key, [...(byReason.get(key) ?? []), label]);
    }
    super(
      [...byReason].map(([reason, labels]) => `${labels.join('\n')}\n  ${reason.replaceAll('\n', '\n  ')}`).join('\n'),
    );
  }
}

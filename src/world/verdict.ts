import { AssertionContext } from '../evidence/assertion';
import { type EvidenceRecord, type Verdict, writeRecord } from '../evidence/record';
import { bounded } from '../evidence/redact';
import type { AssertionBody } from './step-registry';
import { variantOf } from './tags';
import type { Phase9World } from './world';

/** What was found out about an assertion, before it becomes a record. */
export type Found = Pick<
  EvidenceRecord,
  'execution' | 'startedAt' | 'trace' | 'expected' | 'observed' | 'reason' | 'verdict'
>;

/** Makes one assertion of the ledger: all its comparisons, and the trace of what it looked at. Never throws for a failed one. */
export async function makeAssertion(
  world: Phase9World,
  body: AssertionBody,
  args: readonly unknown[],
  execution: EvidenceRecord['execution'],
): Promise<Found> {
  const a = new AssertionContext();
  const startedAt = new Date().toISOString();
  let failure: string | undefined;
  try {
    await body(a, world, ...(args as never[]));
    // What is not applicable may be known before anything is looked at.
    const left = a.whyNotApplicable !== undefined && a.comparisons.length === 0;
    if (a.comparisons.length === 0 && !left) failure = 'the step compared nothing';
    else if (a.trace.entries.length === 0 && !left) failure = 'the step looked at nothing: its trace is empty';
  } catch (error) {
    failure = a.failedToRead(error);
  }
  const wrong = a.comparisons.filter(({ holds }) => !holds);
  const reasons = [
    ...(failure === undefined ? [] : [failure]),
    ...wrong.map(({ what, expected, observed }) => `${what}: expected ${expected}; observed ${observed}`),
  ];
  const verdict: Verdict =
    reasons.length > 0 ? 'failed' : a.whyNotApplicable === undefined ? 'passed' : 'not-applicable';
  return {
    verdict,
    execution,
    startedAt,
    trace: [...a.trace.entries],
    expected: bounded(a.comparisons.map(({ what, expected }) => `${what}: ${expected}`).join('\n')),
    observed: bounded(a.comparisons.map(({ what, observed }) => `${what}: ${observed}`).join('\n')),
    reason: verdict === 'passed' ? null : bounded(reasons.join('\n') || (a.whyNotApplicable ?? '')),
  };
}

/** The record of a verdict: what was found, with the place and the fixtures of its scenario. Nothing is written. */
export function recordOf(world: Phase9World, template: string, found: Found): EvidenceRecord {
  const { place, run, identity } = world.own;
  const entry = world.ledgerEntry(template);
  return {
    id: entry.id,
    variant: variantOf(entry, place.tags),
    row: entry.row,
    level: entry.level,
    boundary: entry.boundary,
    ...found,
    finishedAt: new Date().toISOString(),
    run,
    scenario: place.location,
    scenarioName: place.name,
    step: world.step,
    fixtures: [...world.fixtures],
    sut: identity,
  };
}

/** Writes the record of a verdict that was reached. */
export function record(world: Phase9World, template: string, found: Found): EvidenceRecord {
  const made = recordOf(world, template, found);
  writeRecord(world.own.reports, made);
  world.records.push(made);
  return made;
}

/** Makes one assertion and writes its record. */
export async function judge(
  world: Phase9World,
  template: string,
  body: AssertionBody,
  args: readonly unknown[],
  execution: EvidenceRecord['execution'] = 'executed',
): Promise<EvidenceRecord> {
  return record(world, template, await makeAssertion(world, body, args, execution));
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

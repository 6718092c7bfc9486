import { mkdirSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { TraceEntry } from '../evidence/observation';
import { type ScenarioSummary, scenarioSummary } from '../evidence/scenario-summary';
import { bounded } from '../secrets/redact';
import { leaksOf } from '../secrets/scenario-scan';
import { sutTime } from '../sut/sut-time';
import { lackOf } from './capabilities';
import { judgeStep } from './carry-out';
import type { Entry } from './obligations/journal';
import { describe } from './obligations/obligation';
import type { StepAssertion } from './step-meaning';
import { AssertionsFailed, record, recordUnseen } from './verdict';
import type { Phase9World } from './world';

/** A scenario whose machine is not as it was before. */
export class RestoreIncomplete extends Error {
  override readonly name = 'RestoreIncomplete';
}

/** A scenario that left a secret where anybody may read it. */
export class SecretLeaked extends Error {
  override readonly name = 'SecretLeaked';
}

/**
 * The end of a scenario: gives the verdicts that are missing, restores everything, judges what was restored, and fails the
 * scenario when any of it is not as it should be.
 */
export async function tearDown(world: Phase9World, interruption: AbortSignal): Promise<void> {
  const { own } = world;
  await judgeSkipped(world, interruption);
  await world.cleanUp('before-restore');
  // Both are gone once everything is restored.
  const leaks = await leaksOf(own.directory, own.obligations.journal);
  const notRestored = await own.obligations.restoreAll();
  judgeRestored(world);
  own.obligations.close();
  const failed = world.records.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run');
  const complaints: string[] = [];
  if (failed.length > 0) complaints.push(new AssertionsFailed(failed).message);
  if (leaks !== undefined) complaints.push(leaks);
  if (notRestored.length > 0) {
    complaints.push(
      `not restored (\`npx phase9 restore\` tries again):\n${notRestored.map((one) => `  ${one}`).join('\n')}`,
    );
  }
  const failures = [world.actionFailure, world.checkFailure, ...complaints].filter((one) => one !== undefined);
  writeSummary(world, notRestored, failures.length === 0 ? null : bounded(failures.join('\n')));
  if (complaints.length === 0) return;
  if (notRestored.length > 0) throw new RestoreIncomplete(complaints.join('\n'));
  throw leaks === undefined ? new AssertionsFailed(failed) : new SecretLeaked(complaints.join('\n'));
}

/** Judges the assertions that Cucumber skipped behind a failed one; those whose action did not take place were not run. */
async function judgeSkipped(world: Phase9World, interruption: AbortSignal): Promise<void> {
  for (const step of world.own.place.steps) {
    const meaning = step.definition?.meaning;
    if (meaning?.kind !== 'assertion') continue;
    const open = step.makes.filter(({ entry }) => !world.records.some(({ id }) => id === entry.id));
    if (open.length === 0) continue;
    world.step = step;
    const reason = interruption.aborted ? String(interruption.reason?.message ?? 'interrupted') : world.actionFailure;
    if (reason === undefined) await judgeStep(world, open, meaning, step.args, 'judged-at-end');
    else for (const one of open) recordUnseen(world, one, 'not-run', reason);
  }
}

/** Judges from the journal whether each thing that a fixture mutated is as before: only a mutation that was really made counts. */
function judgeRestored(world: Phase9World): void {
  for (const step of world.own.place.steps) {
    const meaning = step.definition?.meaning;
    if (meaning?.kind !== 'cleanup') continue;
    world.step = step;
    for (const assertion of step.makes) judgeFixture(world, assertion, meaning.fixture);
  }
}

function judgeFixture(world: Phase9World, assertion: StepAssertion, fixture: string): void {
  const entries = world.own.obligations.entries.filter((one) => one.fixture === fixture);
  const made = entries.filter(({ mutation }) => mutation !== undefined);
  if (made.length === 0) {
    const lack = lackOf(world, assertion.entry.applies);
    if (lack !== undefined) recordUnseen(world, assertion, 'not-applicable', lack);
    else {
      const reason = world.actionFailure ?? `the journal contains no mutation of the fixture ${fixture}`;
      recordUnseen(world, assertion, 'not-run', reason);
    }
    return;
  }
  const reasons = complaintsAbout(entries);
  record(world, assertion, {
    verdict: reasons.length === 0 ? 'passed' : 'failed',
    execution: 'judged-at-end',
    startedAt: made[0]?.registeredAt ?? new Date().toISOString(),
    trace: made.map(traceOf),
    expected: made.map(({ obligation }) => describe(obligation)).join('\n'),
    observed: made.map(({ restoration }) => restoration?.saw ?? NOT_RESTORED).join('\n'),
    reason: reasons.length === 0 ? null : reasons.join('\n'),
  });
}

const NOT_RESTORED = 'not restored';

function complaintsAbout(entries: readonly Entry[]): string[] {
  const made = entries.filter(({ mutation }) => mutation !== undefined);
  const wrong = entries.filter(({ restoration }) => !restoration);
  // Where there was nothing to restore, somebody else had undone the mutation, or it never took.
  const vacuous = made.filter(({ early, restoration }) => (early ?? restoration)?.changed === false);
  const again = made.filter(({ early, restoration }) => early && restoration?.changed);
  return [
    ...wrong.map(({ obligation, refusal }) => `${describe(obligation)}: ${refusal ?? NOT_RESTORED}`),
    ...vacuous.map(
      ({ obligation }) => `${describe(obligation)}: was so already before it was restored; the mutation did not last`,
    ),
    ...again.map(
      ({ obligation }) =>
        `${describe(obligation)}: changed again after it had been restored, by something that is not this fixture`,
    ),
  ];
}

function traceOf({ obligation, mutation, early, restoration, registeredAt }: Entry): TraceEntry {
  return {
    // An engine is asked what it does by now; everything else that is restored is read where it lies.
    boundary: obligation.kind === 'engine-configuration' ? 'host-cli' : 'durable-state',
    kind: 'file',
    source: 'path' in obligation ? obligation.path : describe(obligation),
    startedAt: registeredAt,
    finishedAt: restoration?.at ?? new Date().toISOString(),
    seen: {
      before: describe(obligation),
      during: mutation?.saw ?? '',
      after: restoration?.saw ?? NOT_RESTORED,
      putBackAt: (early ?? restoration)?.at ?? null,
    },
  };
}

function writeSummary(world: Phase9World, notRestored: readonly string[], failure: string | null): void {
  const { own } = world;
  const summary: ScenarioSummary = {
    run: own.run,
    token: own.isolation.token,
    scenario: own.place.location,
    name: own.place.name,
    startedAt: own.begunAt,
    finishedAt: new Date().toISOString(),
    failure,
    fixtures: [...world.fixtures],
    wallMs: Math.round(performance.now() - own.startedAt),
    sutMs: Math.round(sutTime.total - own.sutTimeBefore),
    restore: notRestored.length === 0 ? 'complete' : 'incomplete',
    obligations: own.obligations.entries.map(
      ({ fixture, obligation, registeredAt, mutation, early, restoration, refusal }) => ({
        fixture,
        owed: describe(obligation),
        owedAt: registeredAt,
        mutatedAt: mutation?.at ?? null,
        during: mutation?.saw ?? null,
        settledAt: early?.at ?? null,
        dischargedAt: restoration?.at ?? null,
        changed: (early ?? restoration)?.changed ?? null,
        after: restoration?.saw ?? null,
        refusal: restoration ? null : (refusal ?? null),
      }),
    ),
    records: world.records.map(({ id, variant, verdict }) => ({ id, variant, verdict })),
  };
  const directory = path.join(own.reports, 'scenarios');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${own.isolation.token}.json`);
  writeFileAtomic.sync(file, `${JSON.stringify(scenarioSummary.parse(summary), null, 2)}\n`);
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { EvidenceRecord } from '../evidence/record';
import { bounded } from '../evidence/redact';
import { type ScenarioSummary, scenarioSummary } from '../evidence/scenario-summary';
import { leaksOf } from '../secrets/scenario-scan';
import { sutTime } from '../sut/sut-time';
import type { Entry } from './obligations/journal';
import { describe } from './obligations/obligation';
import { stepFor } from './step-registry';
import { AssertionsFailed, judge, record } from './verdict';
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
 * The end of a scenario: gives the verdicts that are missing, puts everything back, judges what was put back, and fails the
 * scenario when any of it is not as it should be.
 */
export async function conclude(world: Phase9World, interruption: AbortSignal): Promise<void> {
  const { own } = world;
  const failed: EvidenceRecord[] = [];
  await judgeSkipped(world, interruption);
  await world.closeServers();
  // Both are gone once everything is put back.
  const leaks = await leaksOf(own.directory, own.obligations.journal);
  const notPutBack = await own.obligations.discharge();
  judgePutBack(world);
  for (const one of world.records) if (one.verdict === 'failed' || one.verdict === 'not-run') failed.push(one);
  own.obligations.close();
  const complaints: string[] = [];
  if (failed.length > 0) complaints.push(new AssertionsFailed(failed).message);
  if (leaks !== undefined) complaints.push(leaks);
  if (notPutBack.length > 0) {
    complaints.push(
      `not put back (\`npx phase9 restore\` tries again):\n${notPutBack.map((one) => `  ${one}`).join('\n')}`,
    );
  }
  const failures = [world.actionFailure, world.checkFailure, ...complaints].filter((one) => one !== undefined);
  writeSummary(world, notPutBack, failures.length === 0 ? null : bounded(failures.join('\n')));
  if (complaints.length === 0) return;
  if (notPutBack.length > 0) throw new RestoreIncomplete(complaints.join('\n'));
  throw leaks === undefined ? new AssertionsFailed(failed) : new SecretLeaked(complaints.join('\n'));
}

/** Judges the assertions that Cucumber skipped behind a failed one; those whose action did not take place were not run. */
async function judgeSkipped(world: Phase9World, interruption: AbortSignal): Promise<void> {
  for (const text of world.own.place.steps) {
    const found = stepFor(text);
    if (found?.step.meaning.kind !== 'assertion') continue;
    const { id, body } = found.step.meaning;
    const entry = world.ledgerEntry(id);
    if (world.records.some((record) => record.id === entry.id)) continue;
    world.step = text;
    const why = interruption.aborted ? String(interruption.reason?.message ?? 'interrupted') : world.actionFailure;
    if (why === undefined) await judge(world, id, body, found.args, 'judged-at-end');
    else unseen(world, id, 'not-run', why);
  }
}

/** The verdict of an assertion for which nothing was looked at. */
function unseen(world: Phase9World, id: string, verdict: 'not-run' | 'not-applicable', reason: string): void {
  record(world, id, {
    verdict,
    execution: verdict === 'not-run' ? 'not-executed' : 'judged-at-end',
    startedAt: new Date().toISOString(),
    trace: [],
    expected: '',
    observed: '',
    reason: bounded(reason),
  });
}

/** Judges from the journal whether what a fixture mutated is as before: only a mutation that was really made counts. */
function judgePutBack(world: Phase9World): void {
  for (const text of world.own.place.steps) {
    const meaning = stepFor(text)?.step.meaning;
    if (meaning?.kind !== 'cleanup') continue;
    world.step = text;
    const entries = world.own.obligations.entries.filter(({ fixture }) => fixture === meaning.fixture);
    const made = entries.filter(({ mutation }) => mutation !== undefined);
    const notApplicable = world.factIfThere('notApplicable');
    if (made.length === 0 && notApplicable !== undefined) {
      unseen(world, meaning.id, 'not-applicable', notApplicable);
      continue;
    }
    if (made.length === 0) {
      unseen(
        world,
        meaning.id,
        'not-run',
        world.actionFailure ?? `the journal shows no mutation of the fixture ${meaning.fixture}`,
      );
      continue;
    }
    const startedAt = made[0]?.owedAt ?? new Date().toISOString();
    const wrong = entries.filter(({ discharge }) => !discharge);
    const putBackAt = ({ settlement, discharge }: Entry) => settlement ?? discharge;
    // Where there was nothing to put back, somebody else had undone the mutation, or it never took.
    const vacuous = made.filter((entry) => putBackAt(entry)?.changed === false);
    const again = made.filter(({ settlement, discharge }) => settlement && discharge?.changed);
    const reasons = [
      ...wrong.map(({ obligation, refusal }) => `${describe(obligation)}: ${refusal ?? 'not put back'}`),
      ...vacuous.map(
        ({ obligation }) =>
          `${describe(obligation)}: was so already when it was to be put back; the mutation did not last`,
      ),
      ...again.map(
        ({ obligation }) =>
          `${describe(obligation)}: changed again after it had been put back, by something that is not this fixture`,
      ),
    ];
    record(world, meaning.id, {
      verdict: reasons.length === 0 ? 'passed' : 'failed',
      execution: 'judged-at-end',
      startedAt,
      trace: made.map(({ obligation, mutation, settlement, discharge, owedAt }) => ({
        // An engine is asked what it does by now; everything else that is put back is read where it lies.
        boundary: obligation.kind === 'engine-configuration' ? 'host-cli' : 'durable-state',
        kind: 'file',
        source: 'path' in obligation ? obligation.path : describe(obligation),
        startedAt: owedAt,
        finishedAt: discharge?.at ?? new Date().toISOString(),
        seen: {
          before: describe(obligation),
          during: mutation?.saw ?? '',
          after: discharge?.saw ?? 'not put back',
          putBackAt: (settlement ?? discharge)?.at ?? null,
        },
      })),
      expected: made.map(({ obligation }) => describe(obligation)).join('\n'),
      observed: made.map(({ discharge }) => discharge?.saw ?? 'not put back').join('\n'),
      reason: reasons.length === 0 ? null : reasons.join('\n'),
    });
  }
}

function writeSummary(world: Phase9World, notPutBack: readonly string[], failure: string | null): void {
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
    restore: notPutBack.length === 0 ? 'complete' : 'incomplete',
    obligations: own.obligations.entries.map(
      ({ fixture, obligation, owedAt, mutation, settlement, discharge, refusal }) => ({
        fixture,
        owed: describe(obligation),
        owedAt,
        mutatedAt: mutation?.at ?? null,
        during: mutation?.saw ?? null,
        settledAt: settlement?.at ?? null,
        dischargedAt: discharge?.at ?? null,
        changed: (settlement ?? discharge)?.changed ?? null,
        after: discharge?.saw ?? null,
        refusal: discharge ? null : (refusal ?? null),
      }),
    ),
    records: world.records.map(({ id, variant, verdict }) => ({ id, variant, verdict })),
  };
  const directory = path.join(own.reports, 'scenarios');
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${own.isolation.token}.json`);
  writeFileAtomic.sync(file, `${JSON.stringify(scenarioSummary.parse(summary), null, 2)}\n`);
}

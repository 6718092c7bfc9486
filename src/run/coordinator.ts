import { existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { version } from '@cucumber/cucumber';
import type { CoordinatorContext, IFilterablePickle, Plugin } from '@cucumber/cucumber/api';
import type { Envelope } from '@cucumber/messages';
import { writeBundle } from '../evidence/bundle';
import { type RunPlan, writeRunPlan } from '../evidence/run-plan';
import { writeRunJunit } from '../report/run-junit';
import { runContext } from '../run-context';
import { readSettings } from '../settings';
import { ENDING_SIGNALS, outliveReader } from '../signals';
import { type KnownFailure, loadKnownFailures } from '../spec/known-failures';
import { loadLedger } from '../spec/ledger';
import { loadManifest, manifestNames } from '../spec/manifest';
import { engineAnswers } from '../sut/engine';
import { processesWith } from '../sut/process-group';
import type { Profile } from '../sut/profile';
import { profileOf } from '../sut/profiles/choose';
import { CHECKED_WITH } from '../world/cucumber-internals';
import { interrupt, interruption } from '../world/interruption';
import { restoreDead } from '../world/obligations/recovery';
import { requireReadable } from './arguments';
import { CucumberFailures } from './cucumber-failures';
import { DeadWorkers } from './dead-worker';
import { EXIT } from './exit';
import { WITHOUT_ENGINE } from './live/contracts';
import { readyLive } from './live/ready';
import { MachineComparison, responsibilityOf } from './machine-comparison';
import { makeRunPlan } from './make-run-plan';
import { recordNotRun } from './missing-verdicts';
import { Progress } from './progress';
import { scanRun } from './secret-scan';
import { printSummary } from './summary';
import { painted, VerdictLines } from './verdict-lines';

function isDryRun(): boolean {
  return process.argv.some((one) => one === '--dry-run' || one === '-d');
}

/**
 * The one place that sees the whole run: recovers what dead runs left, prints the verdicts as they come, and writes plan,
 * bundle and summary. It runs in Cucumber's coordinator, never in a worker.
 */
async function coordinator({ operation, on, transform, logger, options }: CoordinatorContext<{ profile?: string }>) {
  if (operation !== 'runCucumber') return undefined;
  const dry = isDryRun();
  let known: readonly KnownFailure[] = [];
  const profile = await refusing(() => {
    readSettings();
    if (version !== CHECKED_WITH) {
      throw new Error(`Cucumber ${version} is installed, and this suite knows ${CHECKED_WITH}: \`npm ci\` installs it`);
    }
    requireReadable(process.argv.slice(2), dry);
    if (!dry) {
      loadLedger();
      for (const name of manifestNames()) loadManifest(name);
      known = loadKnownFailures();
    }
    return profileOf(options.profile ?? 'reference');
  });
  const run = runContext();
  let plan: RunPlan | undefined;
  let machine: MachineComparison | undefined;
  let engine = true;
  const startedAt = performance.now();

  // Without any feature file Cucumber asks nobody and calls the run a success.
  on('paths:resolve', ({ sourcePaths }) => {
    if (sourcePaths.length === 0) void refusing(noScenario);
  });
  transform('pickles:order', (pickles) =>
    refusing(async () => {
      if (pickles.length === 0) noScenario();
      if (dry) return pickles;
      engine = needEngine(pickles);
      await readyFor(profile, engine);
      await recover(run.journals, (text) => logger.warn(text));
      if (profile.isolation === 'in-place') {
        await readyLive(profile, pickles, (text) => logger.warn(text), interruption);
      }
      machine = await MachineComparison.begin(profile);
      plan = await makeRunPlan(run.run, profile, pickles);
      writeRunPlan(run.reports, plan);
      return pickles;
    }),
  );

  if (dry) return undefined;
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const verdicts = new VerdictLines(run.reports, (line, { verdict }) => print(painted(line, verdict)), known);
  const failures = new CucumberFailures();
  const progress = new Progress(print);
  const deadWorkers = new DeadWorkers();
  deadWorkers.watch();
  on('message', (envelope: Envelope) => {
    progress.take(envelope);
    deadWorkers.take(envelope);
    failures.take(envelope);
    if (envelope.testCaseFinished) verdicts.printNew();
  });
  passInterruptionOn(run.run);

  return async () => {
    if (!plan) return;
    // A killed worker leaves its journal behind; it is restored here and now.
    const left = await recover(run.journals, (text) => logger.warn(text));
    recordNotRun(run.reports, plan);
    verdicts.printNew();
    const written = writeBundle(run.reports);
    writeRunJunit(run.reports, written.bundle, known);
    if (plan.scenarios.some(({ assertions }) => assertions.length > 0)) isLatest(run.reports);
    // Cucumber closes its own reports behind this: once nothing is left to do they are whole, and can be searched for secrets.
    process.once('beforeExit', async () => {
      const secrets = await scanRun(run);
      const differences = machine ? await machine.end() : [];
      if (secrets.found.length > 0) process.exitCode = EXIT.failed;
      const { exit, knownFailures } = printSummary({
        ...written,
        left,
        secrets,
        interrupted: interruption.aborted,
        wallMs: performance.now() - startedAt,
        runDirectory: run.reports,
        print,
        known,
        knownFailures: readSettings().knownFailures,
        failedInCucumber: failures.failed,
        differences,
        own: responsibilityOf(profile, run.run, engine),
      });
      // Cucumber calls a scenario with a known failure failed; the summary has looked for anything else.
      if (exit === EXIT.passed && knownFailures?.length) process.exitCode = EXIT.passed;
    });
  };
}

/** Lets `latest` name the run. A run without assertions, such as an audit of another run's evidence, is no evidence itself. */
function isLatest(reports: string): void {
  const latest = path.join(path.dirname(reports), 'latest');
  // Another run may end at the same moment: the link is replaced in one go.
  const link = `${latest}.${process.pid}`;
  rmSync(link, { force: true });
  symlinkSync(path.basename(reports), link);
  renameSync(link, latest);
}

function noScenario(): never {
  throw new Error('the tags, names and paths given select no scenario: nothing was run');
}

/** Stops a run before it began: bad input, or a machine that will not do. One message; nothing was staged. */
async function refusing<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    process.stderr.write(`phase9: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(EXIT.badInput);
  }
}

/** Whether one of the scenarios may use the engine. */
function needEngine(pickles: readonly IFilterablePickle[]): boolean {
  return !pickles.every(({ pickle }) => pickle.tags.some(({ name }) => name === WITHOUT_ENGINE));
}

/** @throws when the machine or the call is not as the selected scenarios need it. */
async function readyFor(profile: Profile, engine: boolean): Promise<void> {
  if (!existsSync(profile.distribution)) {
    throw new Error(`${profile.distribution} is not there: run \`npm run setup\` first; nothing was staged`);
  }
  const parallel = process.argv.some((one) => one === '--parallel' || one.startsWith('--parallel='));
  if (profile.isolation === 'in-place' && parallel) {
    throw new Error(`the profile ${profile.name} has one installation for all scenarios: run it without --parallel`);
  }
  if (!engine) return;
  const answer = await engineAnswers();
  if (!answer.ok) {
    throw new Error(
      `no Docker Engine answers (${answer.reason}): \`npm run setup\` installs and starts one; nothing was staged`,
    );
  }
}

/** Restores what dead owners left. @returns what could not be restored */
async function recover(journals: string, warn: (text: string) => void): Promise<readonly string[]> {
  const restored = await restoreDead(journals);
  for (const { run, scenario, done, failed } of restored) {
    if (done.length > 0)
      warn(`restored what ${scenario || 'a scenario'} of the run ${run || '(unknown)'} left: ${done.length} thing(s)`);
    for (const one of failed) warn(`could not be restored: ${one}`);
  }
  return restored.flatMap(({ failed }) => failed);
}

/** A signal to the coordinator alone is meant for the whole run: the workers put their scenarios back and end. */
function passInterruptionOn(run: string): void {
  for (const signal of ENDING_SIGNALS) process.on(signal, () => interrupt(signal));
  outliveReader(() => interrupt('nobody reads its output any more'));
  interruption.addEventListener('abort', () => {
    process.stderr.write(`\n${interruption.reason.message}: restoring everything, please wait\n`);
    for (const pid of processesWith(`PHASE9_RUN=${run}`)) {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes('CUCUMBER_WORKER_ID=')) process.kill(pid, 'SIGTERM');
    }
  });
  process.on('exit', () => {
    if (interruption.aborted) process.exitCode = 130;
  });
}

const plugin: Plugin<{ profile?: string }> = { type: 'plugin', coordinator, optionsKey: 'phase9' };
export default plugin;

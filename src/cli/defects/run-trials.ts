import path from 'node:path';
import { changed, type Defect } from '../../spec/defects';
import { mapConcurrent } from '../../sut/map-concurrent';
import { attempt, type Request, type Showed } from '../trials/attempt';
import { Workspaces } from '../trials/workspaces';
import { isClean, judge } from './judge';
import type { Trial } from './plan';
import { readResult, type TrialResult, trialName, writeResult } from './results';
import type { PresentState } from './state';

interface How {
  /** Copies side by side. */
  readonly jobs: number;
  /** Whether trials with a result are run, too. */
  readonly again: boolean;
  readonly state: PresentState;
  /** Directory of the results, and of the runs' output. */
  readonly results: string;
  /** Directory of the copies. */
  readonly copies: string;
  readonly quiet: boolean;
  readonly signal: AbortSignal;
}

/** Sources that are in an image of the engine, which all copies share. */
const IN_IMAGES = /^reference-sut\/(src\/(gateway|shared|sandbox)|releases)\//;

/**
 * Runs all trials; one whose defects were not seen alone is run again defect by defect; a scenario that no trial showed green is run
 * without any. @returns what all of them showed @throws UserError when a copy cannot be made or built; Interrupted
 */
export async function runTrials(trials: readonly Trial[], how: How): Promise<readonly TrialResult[]> {
  const copies = new Workspaces(how.copies);
  const results: TrialResult[] = [];
  let done = 0;
  const one = async (trial: Trial, total: number): Promise<TrialResult> => {
    const known = how.again ? undefined : readResult(how.results, trial);
    if (known) return known;
    const showed = await copies.use((copy) => attempt(copy, requestOf(trial, how.results), how.signal));
    done += 1;
    if (!how.quiet) process.stdout.write(`[${done} of ${total}] ${describe(trial, showed)}\n`);
    return writeResult(how.results, trial, showed);
  };
  const all = async (some: readonly Trial[]): Promise<void> => {
    const total = done + some.length;
    const later = some.filter(({ defects }) => defects.some(inImages));
    const now = some.filter((trial) => !later.includes(trial));
    results.push(...(await mapConcurrent(now, how.jobs, (trial) => one(trial, total))));
    results.push(...(await mapConcurrent(later, 1, (trial) => one(trial, total))));
  };
  try {
    await all(trials);
    await all(trials.filter((trial) => trial.defects.length > 1 && unclear(trial, results)).flatMap(singly));
    await all(baselines(trials, results));
    return results;
  } finally {
    await copies.close();
  }
}

function requestOf(trial: Trial, results: string): Request {
  const { defects, location } = trial;
  return {
    ...{ title: names(trial), name: trialName(trial), run: [location], logs: path.join(results, 'output') },
    change: (copy) => {
      for (const { name, change } of defects) {
        for (const one of change) copy.edit(one.file, (text) => changed(text, one, name));
      }
    },
  };
}

/** A trial in messages: its defects, and where they are tried. */
function names({ defects, location }: Trial): string {
  const what = defects.length === 0 ? 'no defect' : defects.map(({ name }) => name).join(' + ');
  return `${what} in ${location}`;
}

/** A trial in one line: what was tried, whether it was seen, how long it took. */
function describe(trial: Trial, { verdicts, seconds }: Showed): string {
  const judgements = judge(trial.defects, verdicts);
  const missed = judgements.flatMap((one) => one.missed);
  const wrong = [
    ...missed.map((id) => `${id} is not red`),
    ...(judgements[0]?.undeclared ?? []).map((id) => `${id} is red or not run, too`),
  ];
  const seen = wrong.length === 0 ? 'as declared' : wrong.join(', ');
  return `${names(trial)}: ${trial.defects.length === 0 ? 'baseline' : seen} (${Math.round(seconds)} s)`;
}

const inImages = ({ change }: Defect): boolean => change.some(({ file }) => IN_IMAGES.test(file));

/** Whether a trial was not exactly as declared: the same defects may have been tried in another scenario, too. */
export function unclear({ location, defects }: Trial, results: readonly TrialResult[]): boolean {
  const wanted = defects.map(({ name }) => name).join();
  const result = results.find((one) => one.location === location && one.defects.join() === wanted);
  return result === undefined || !isClean(judge(defects, result.verdicts));
}

function singly({ location, scenario, defects }: Trial): Trial[] {
  return defects.map((defect) => ({ location, scenario, defects: [defect] }));
}

/** Scenarios with an assertion that was red in every trial: whether it is green without a defect is not known. */
function baselines(trials: readonly Trial[], results: readonly TrialResult[]): Trial[] {
  const scenarios = new Map(trials.map(({ location, scenario }) => [location, scenario]));
  return [...scenarios].flatMap(([location, scenario]) => {
    const own = results.filter((one) => one.location === location);
    const ids = new Set(own.flatMap(({ verdicts }) => Object.keys(verdicts)));
    const green = (id: string) => own.some(({ verdicts }) => verdicts[id] === 'passed');
    const doubtful = [...ids].some((id) => own.some(({ verdicts }) => verdicts[id] === 'failed') && !green(id));
    return doubtful ? [{ location, scenario, defects: [] }] : [];
  });
}

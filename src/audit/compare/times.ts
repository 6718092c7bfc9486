import type { Bundle } from '../../evidence/bundle';
import type { ScenarioSummary } from '../../evidence/scenario-summary';
import { compare } from '../finding';

type Extension = Bundle['predicate']['phase9/v1'];

/** With one run a side there is no spread: a difference counts from this share of the time, and from so many ms. */
export const ONE_RUN_BOUND = { share: 0.2, leastMs: 2000 } as const;
/** A difference below this is nobody's concern, however even the runs are (ms). */
export const LEAST_DIFFERENCE_MS = 500;

/** Two groups of measurements, compared. All times in ms. */
export interface TimeDifference {
  /** Median of each side. */
  readonly a: number;
  readonly b: number;
  /** b - a. */
  readonly difference: number;
  /** The greater noise of the two sides: the spread of its runs, or the bound where it has one run. */
  readonly noise: number;
  /** Number of measurements. */
  readonly runs: { readonly a: number; readonly b: number };
  readonly is: 'slower' | 'faster' | 'same';
}

export interface ComparedScenario extends TimeDifference {
  /** Its name on side B. */
  readonly name: string;
}

export interface TimeComparison {
  /** Those that both sides ran, and that failed on neither side or on both. */
  readonly scenarios: readonly ComparedScenario[];
  /** All of them together; null where there are none. */
  readonly total: TimeDifference | null;
  /** Failed on one side only: it may have ended early. */
  readonly notComparable: readonly string[];
  readonly onlyIn: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/** Compares measurements: slower or faster only where the difference of the medians exceeds the noise of either side. */
export function difference(a: readonly number[], b: readonly number[]): TimeDifference {
  const [was, is] = [median(a), median(b)];
  const noise = Math.max(noiseOf(a), noiseOf(b), LEAST_DIFFERENCE_MS);
  return {
    ...{ a: was, b: is, difference: is - was, noise, runs: { a: a.length, b: b.length } },
    is: is - was > noise ? 'slower' : was - is > noise ? 'faster' : 'same',
  };
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function noiseOf(times: readonly number[]): number {
  if (times.length > 1) return Math.max(...times) - Math.min(...times);
  return Math.max(ONE_RUN_BOUND.leastMs, ONE_RUN_BOUND.share * median(times));
}

/** One scenario in the runs of one side. */
interface Measured {
  readonly name: string;
  /** By run; undefined where the run has not run it. */
  readonly times: readonly (number | undefined)[];
  readonly failed: boolean;
}

/** Compares the scenarios' times of two sides. The order of runs changes nothing. */
export function compareTimes(a: readonly Extension[], b: readonly Extension[]): TimeComparison {
  const groups = new Groups();
  for (const run of [...a, ...b]) for (const one of run.scenarios) groups.join(keysOf(run, one));
  const [ofA, ofB] = [measured(a, groups), measured(b, groups)];
  const names = [...new Set([...ofA.keys(), ...ofB.keys()])];
  const pairs = names.map((name) => ({ a: ofA.get(name), b: ofB.get(name) }));
  const both = pairs.flatMap((pair) => (pair.a && pair.b ? [{ a: pair.a, b: pair.b }] : []));
  const even = both.filter((pair) => pair.a.failed === pair.b.failed);
  const scenarios = even.map((pair) => ({ name: pair.b.name, ...difference(ran(pair.a), ran(pair.b)) }));
  return {
    scenarios: scenarios.sort((one, other) => compare(one.name, other.name) || one.a - other.a),
    total: even.length === 0 ? null : difference(totals(even.map((one) => one.a)), totals(even.map((one) => one.b))),
    notComparable: both
      .filter((pair) => pair.a.failed !== pair.b.failed)
      .map((pair) => pair.b.name)
      .sort(compare),
    onlyIn: {
      a: pairs.flatMap((pair) => (pair.a && !pair.b ? [pair.a.name] : [])).sort(compare),
      b: pairs.flatMap((pair) => (pair.b && !pair.a ? [pair.b.name] : [])).sort(compare),
    },
  };
}

function ran({ times }: Measured): number[] {
  return times.filter((one) => one !== undefined);
}

/** The sum of each run that ran every scenario; the sum of the medians where none did. */
function totals(scenarios: readonly Measured[]): number[] {
  const runs = scenarios[0]?.times.length ?? 0;
  const sums = Array.from({ length: runs }, (_, run) => scenarios.map(({ times }) => times[run]));
  const whole = sums.flatMap((times) => (times.every((one) => one !== undefined) ? [sum(times)] : []));
  return whole.length > 0 ? whole : [sum(scenarios.map((one) => median(ran(one))))];
}

function sum(times: readonly number[]): number {
  return times.reduce((all, one) => all + one, 0);
}

function measured(runs: readonly Extension[], groups: Groups): Map<string, Measured> {
  const found = new Map<string, { names: Set<string>; times: (number | undefined)[]; failed: boolean }>();
  for (const [index, run] of runs.entries()) {
    for (const scenario of run.scenarios) {
      const group = groups.of(keysOf(run, scenario)[0] ?? '');
      const there = found.get(group) ?? { names: new Set(), times: runs.map(() => undefined), failed: false };
      there.names.add(scenario.name);
      there.times[index] = (there.times[index] ?? 0) + scenario.wallMs;
      there.failed ||= scenario.failure !== null;
      found.set(group, there);
    }
  }
  return new Map(
    [...found].map(([group, { names, ...one }]) => [group, { ...one, name: [...names].sort(compare).join(' + ') }]),
  );
}

/**
 * By what a scenario is recognised in another run: its assertions, whose IDs never change, while names and lines of features do. One
 * without assertions is recognised by its file and name, and by its place among those of the same name.
 */
function keysOf({ records, missing, scenarios }: Extension, { scenario, name }: ScenarioSummary): string[] {
  const made = [...records, ...missing].filter((one) => one.scenario === scenario);
  if (made.length > 0) return made.map(({ id, variant }) => JSON.stringify([id, variant]));
  const alike = scenarios.filter((one) => one.name === name && fileOf(one.scenario) === fileOf(scenario));
  const place = alike.map(({ scenario: at }) => lineOf(at)).sort((one, other) => one - other);
  return [JSON.stringify([fileOf(scenario), name, place.indexOf(lineOf(scenario))])];
}

function fileOf(scenario: string): string {
  return scenario.replace(/:\d+$/, '');
}

function lineOf(scenario: string): number {
  return Number(/:(\d+)$/.exec(scenario)?.[1] ?? 0);
}

/** Scenarios that share an assertion in any run are one thing to compare: another suite may have split or merged them. */
class Groups {
  readonly #parents = new Map<string, string>();

  join(keys: readonly string[]): void {
    const [first, ...more] = keys;
    if (first === undefined) return;
    for (const key of more) {
      // The least key names the group: the order of joining changes nothing.
      const [least = '', greater = ''] = [this.of(first), this.of(key)].sort(compare);
      if (least !== greater) this.#parents.set(greater, least);
    }
  }

  of(key: string): string {
    const parent = this.#parents.get(key);
    return parent === undefined ? key : this.of(parent);
  }
}

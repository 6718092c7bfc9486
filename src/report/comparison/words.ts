import type { Change, ComparedAssertion, Comparison } from '../../audit/compare/compare';
import type { SideState, State } from '../../audit/compare/side';
import { type ComparedScenario, ONE_RUN_BOUND, type TimeDifference } from '../../audit/compare/times';
import { duration, plural, standings } from '../words';

/** Heading of each class of a comparison, in their order. */
export const headings: Readonly<Record<Change, string>> = {
  'newly-red': 'Newly red',
  'newly-missing': 'Newly missing',
  'newly-made': 'Newly made',
  'newly-applicable': 'Newly applicable',
  'no-longer-applicable': 'No longer applicable',
  'newly-green': 'Newly green',
  'still-red': 'Still red',
  'still-missing': 'Missing on both sides',
  'still-green': 'Still green',
  'still-not-applicable': 'Still not applicable',
};

/** The classes whose assertions are listed; of the others only the number is shown. */
export const listed = (Object.keys(headings) as Change[]).filter(
  (change) => change !== 'still-green' && change !== 'still-not-applicable',
);

const words: Readonly<Record<State, string>> = {
  passed: standings.passed.word,
  failed: standings.failed.word,
  'not-run': standings['not-run'].word,
  'not-applicable': standings['not-applicable'].word,
  missing: 'planned, without a record',
  absent: 'not there',
};

/** How an assertion stands on one side; with several runs, in how many of them. */
export function stateWords({ is, runs, of }: SideState): string {
  return of > 1 && runs < of ? `${words[is]} (in ${runs} of ${of} runs)` : words[is];
}

/** Its worse runs decide; a change from one kind of red to another is shown, too. */
export function movement({ a, b }: Pick<ComparedAssertion, 'a' | 'b'>): string {
  const [was, is] = [stateWords(a), stateWords(b)];
  return was === is ? is : `${was} → ${is}`;
}

/** The first line of the reason: a report shows the rest. */
export function firstLine(reason: string | null): string | null {
  const [line = ''] = (reason ?? '').split('\n');
  return line === '' ? null : line;
}

const signed = (ms: number) => `${ms < 0 ? '−' : '+'}${duration(Math.abs(ms))}`;

/** `10.0 s → 22.3 s: +12.3 s (+123.0 %), noise 2.0 s`. */
export function differenceWords({ a, b, difference, noise }: TimeDifference): string {
  const share = a === 0 ? '' : ` (${difference < 0 ? '−' : '+'}${Math.abs((difference / a) * 100).toFixed(1)} %)`;
  return `${duration(a)} → ${duration(b)}: ${signed(difference)}${share}, noise ${duration(noise)}`;
}

/** What the noise is, for each side. */
export function noiseWords({ runs }: TimeDifference): string {
  const of = (side: string, count: number) =>
    count > 1
      ? `${side}: the spread of its ${count} runs`
      : `${side} has one run: ${ONE_RUN_BOUND.share * 100} % and at least ${ONE_RUN_BOUND.leastMs / 1000} s`;
  return `noise: ${of('A', runs.a)}; ${of('B', runs.b)}; the greater counts`;
}

/** The scenarios that are slower or faster than the noise, the greatest difference first. */
export function beyondNoise({ times }: Comparison): ComparedScenario[] {
  return times.scenarios
    .filter(({ is }) => is !== 'same')
    .sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
}

/** The result in a sentence. */
export function resultWords({ worse, assertions, times }: Comparison): string {
  const count = (change: Change) => assertions[change].length;
  const parts = [
    `${count('newly-red')} newly red`,
    `${count('newly-green')} newly green`,
    `${count('newly-missing')} newly missing`,
    `${count('still-red')} still red`,
  ];
  const time = times.total === null || times.total.is === 'same' ? '' : `; ${times.total.is} in all`;
  const verdict = worse === 0 ? 'nothing is newly red or missing' : `${plural(worse, 'assertion')} worse than before`;
  return `${verdict} (${parts.join(', ')})${time}`;
}

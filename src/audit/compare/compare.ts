import type { SutIdentity } from '../../evidence/record';
import type { KnownFailure } from '../../spec/known-failures';
import { compare as byText } from '../finding';
import {
  ABSENT,
  type Assertion,
  type ComparedRun,
  keyOf,
  type Side,
  type SideState,
  type State,
  type SubmittedRun,
  sideOf,
  type Within,
} from './side';
import { compareTimes, type TimeComparison } from './times';

/** The classes of a comparison; every assertion, in every variant, stands in exactly one. */
export const changes = [
  'newly-red',
  'newly-missing',
  'newly-made',
  'newly-applicable',
  'no-longer-applicable',
  'newly-green',
  'still-red',
  'still-missing',
  'still-green',
  'still-not-applicable',
] as const;
export type Change = (typeof changes)[number];

export interface ComparedAssertion extends Assertion {
  readonly a: SideState;
  readonly b: SideState;
}

export interface ComparedSide {
  readonly name: string;
  readonly runs: readonly ComparedRun[];
}

/** A comparison of two sides. The order of their runs changes nothing, byte for byte. */
export interface Comparison {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly warnings: readonly string[];
  /** In the order of rows and IDs. */
  readonly assertions: Readonly<Record<Change, readonly ComparedAssertion[]>>;
  /** Known failures of side B that passed there. */
  readonly turnedGreen: readonly ComparedAssertion[];
  readonly times: TimeComparison;
  /** Number of assertions that are red on side B and were not on side A, or that side B lacks. */
  readonly worse: number;
}

export interface GivenSide {
  /** As the user names it. */
  readonly name: string;
  readonly runs: readonly SubmittedRun[];
}

type Standing = 'red' | 'green' | 'not-applicable' | 'none';

function standingOf(state: State): Standing {
  if (state === 'failed' || state === 'not-run') return 'red';
  if (state === 'passed') return 'green';
  return state === 'not-applicable' ? state : 'none';
}

const unchanged: Readonly<Record<Standing, Change>> = {
  red: 'still-red',
  green: 'still-green',
  'not-applicable': 'still-not-applicable',
  none: 'still-missing',
};

function changeOf(a: Standing, b: Standing): Change {
  if (a === b) return unchanged[a];
  if (a === 'none') return 'newly-made';
  if (b === 'none') return 'newly-missing';
  if (a === 'not-applicable') return 'newly-applicable';
  if (b === 'not-applicable') return 'no-longer-applicable';
  return b === 'red' ? 'newly-red' : 'newly-green';
}

/** Compares the runs of two sides, verdict by verdict and scenario by scenario; only those `within`, where that is given. Pure. */
export function compareRuns(a: GivenSide, b: GivenSide, known: readonly KnownFailure[], within?: Within): Comparison {
  const [left, right] = [sideOf('A', a.runs, known, within), sideOf('B', b.runs, known, within)];
  const all = [...new Set([...left.states.keys(), ...right.states.keys()])].map((key): ComparedAssertion => {
    const [was, is] = [left.states.get(key), right.states.get(key)];
    const assertion = is?.assertion.row ? is.assertion : (was ?? is)?.assertion;
    if (!assertion) throw new Error('an assertion of neither side');
    return { ...assertion, a: was?.state ?? ABSENT, b: is?.state ?? ABSENT };
  });
  all.sort((one, other) => byText(placeOf(one), placeOf(other)));
  const assertions = Object.fromEntries(
    changes.map((change) => [
      change,
      all.filter((one) => changeOf(standingOf(one.a.is), standingOf(one.b.is)) === change),
    ]),
  ) as Record<Change, ComparedAssertion[]>;
  return {
    a: { name: a.name, runs: left.runs },
    b: { name: b.name, runs: right.runs },
    warnings: [...warningsAbout(left, right), ...left.warnings, ...right.warnings],
    assertions,
    turnedGreen: all.filter(({ b: { is, known: entry } }) => is === 'passed' && entry !== null),
    times: compareTimes(left.extensions, right.extensions),
    worse: all.filter(isWorse).length,
  };
}

/** Red on side B and not on side A, or lost: what a release engineer must look at. */
export function isWorse({ a, b }: Pick<ComparedAssertion, 'a' | 'b'>): boolean {
  const [was, is] = [standingOf(a.is), standingOf(b.is)];
  return (is === 'red' && was !== 'red') || (is === 'none' && was !== 'none');
}

function placeOf({ row, ...one }: Assertion): string {
  return `${row ?? '~'}\0${keyOf(one)}`;
}

function warningsAbout(a: Side, b: Side): string[] {
  const [suiteA, suiteB] = [suitesOf(a), suitesOf(b)];
  // A bundle without a digest of the suite is of no known suite.
  const same = suiteA.length === 1 && suiteB.length === 1 && suiteA[0] === suiteB[0] && suiteA[0] !== null;
  const [kindA, kindB] = [kindsOf(a), kindsOf(b)];
  const common = [...a.states.keys()].some((key) => b.states.has(key));
  return [
    ...(same
      ? []
      : [
          `the suites differ (A: ${shown(suiteA)}; B: ${shown(suiteB)}): a change may be the suite's, and not the system's`,
        ]),
    ...(kindA === kindB ? [] : [`the kinds of system differ (A: ${kindA}; B: ${kindB})`]),
    ...mixed('A', a),
    ...mixed('B', b),
    ...(common ? [] : ['the two sides have no assertion in common']),
  ];
}

function mixed(name: string, side: Side): string[] {
  const systems = systemsOf(side);
  if (systems.length < 2) return [];
  return [`side ${name} mixes ${systems.length} systems (${systems.join('; ')}): the worst verdict of all counts`];
}

function suitesOf({ runs }: Side): (string | null)[] {
  return [...new Set(runs.map(({ suite }) => suite))].sort((one, other) => byText(one ?? '', other ?? ''));
}

function shown(suites: readonly (string | null)[]): string {
  return suites.map((one) => one?.slice(0, 12) ?? 'not recorded').join(', ');
}

function kindsOf({ runs }: Side): string {
  return [...new Set(runs.map(({ sut }) => sut.kind))].sort(byText).join(', ');
}

/** A system in words: release, kind, commit, tree. */
export function systemOf({ kind, version, commit, treeDigest, dirty }: SutIdentity): string {
  const at = commit === null ? '' : `, commit ${commit.slice(0, 12)}${dirty ? ' with changes' : ''}`;
  return `NemoClaw ${version} (${kind})${at}, tree ${treeDigest.slice(0, 12)}`;
}

/** The systems of a side, each once. */
export function systemsOf({ runs }: Pick<ComparedSide, 'runs'>): string[] {
  return [...new Set(runs.map(({ sut }) => systemOf(sut)))].sort(byText);
}

import type { OverrideStart } from '../sut/runtime-overrides';
import type { Phase9World } from '../world/world';
import { acceptedCases, allTogether, type OverrideCase, type TableRow, wrongCases } from './runtime-overrides-cases';
import { type StartsByName, start, startConcurrently, startNamed } from './runtime-overrides-image';
import { longestCases, mixedCases, twoLineCases } from './runtime-overrides-mixed';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Starts of the image, in their order; the first and the last one are without overrides. */
    firstStart: OverrideStart;
    acceptedStarts: readonly StartedCase[];
    startWithAll: OverrideStart;
    wrongStarts: readonly StartedCase[];
    /** Starts with the longest values, and with values a character longer. */
    longestStarts: readonly StartedCase[];
    /** Starts with all overrides, one of them wrong. */
    mixedStarts: readonly StartedCase[];
    twoLineStarts: readonly StartedCase[];
    lastStart: OverrideStart;
  }
}

/** One start with overrides, and what it is about. */
export interface StartedCase extends OverrideCase {
  readonly start: OverrideStart;
}

/** Starts the image without overrides, before all other starts. */
export async function startFirst(world: Phase9World): Promise<void> {
  world.set({ firstStart: await start(world, { name: 'first', overrides: {} }) });
}

/** Starts the image without overrides, after all other starts. */
export async function startLast(world: Phase9World): Promise<void> {
  world.set({ lastStart: await start(world, { name: 'last', overrides: {} }) });
}

/**
 * Starts the image for each row of a table of accepted values, and once with all of them, where OpenClaw validates the
 * result.
 */
export async function startWithAccepted(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  const cases = acceptedCases(rows);
  const all = { name: 'all', overrides: allTogether(cases), command: ['openclaw', 'config', 'validate'] };
  const starts = await startConcurrently(world, [...cases, all]);
  world.set({ acceptedStarts: startedCases(cases, starts), startWithAll: startNamed(starts, all.name) });
}

/** Starts the image for each wrong value of a table. */
export async function startWithWrong(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  world.set({ wrongStarts: await startAll(world, wrongCases(rows, world.get('acceptedStarts'))) });
}

/** Starts the image with a value of `longest` characters for each setting of a table, and with one a character longer. */
export async function startWithLongest(world: Phase9World, longest: number, rows: readonly TableRow[]): Promise<void> {
  world.set({ longestStarts: await startAll(world, longestCases(rows, longest)) });
}

/** Starts the image with all accepted overrides, with one wrong value among them at a time. */
export async function startWithOneWrong(world: Phase9World): Promise<void> {
  const cases = mixedCases(world.get('acceptedStarts'), world.get('wrongStarts'));
  world.set({ mixedStarts: await startAll(world, cases) });
}

/** Starts the image with each value of a table that has two lines. */
export async function startWithTwoLines(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  world.set({ twoLineStarts: await startAll(world, twoLineCases(rows, world.get('acceptedStarts'))) });
}

async function startAll(world: Phase9World, cases: readonly OverrideCase[]): Promise<StartedCase[]> {
  return startedCases(cases, await startConcurrently(world, cases));
}

function startedCases(cases: readonly OverrideCase[], starts: StartsByName): StartedCase[] {
  return cases.map((one) => ({ ...one, start: startNamed(starts, one.name) }));
}

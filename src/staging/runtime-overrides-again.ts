import { agentFacts } from '../sut/agents';
import type { OverrideStart } from '../sut/runtime-overrides';
import type { Phase9World } from '../world/world';
import { type Overrides, overridesIn, type TableRow } from './runtime-overrides-cases';
import { start, startAgain, volumeFor } from './runtime-overrides-image';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** A start with overrides on a state directory that is kept, and what it was given. */
    keptStart: GivenStart;
    /** The same container, started again, and the first start without overrides, started again. */
    keptStartAgain: OverrideStart;
    firstStartAgain: OverrideStart;
    /** Further starts on the same state directory: with other overrides, and without any. */
    otherStart: GivenStart;
    bareStart: OverrideStart;
  }
}

/** A start, and the overrides that it was given. */
export interface GivenStart {
  readonly overrides: Overrides;
  readonly start: OverrideStart;
}

/** Starts the image with the overrides of a table, on the state directory that is kept. */
async function startKept(world: Phase9World, name: string, rows: readonly TableRow[]): Promise<GivenStart> {
  const overrides = overridesIn(rows);
  const mounts = [{ name: volumeFor(world, 'state'), path: agentFacts.openclaw.stateDirectory }];
  return { overrides, start: await start(world, { name, overrides, mounts }) };
}

/** Starts a sandbox with the overrides of a table, whose state is kept. */
export async function startWithKeptState(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  world.set({ keptStart: await startKept(world, 'kept', rows) });
}

/** Starts both sandboxes again: that without overrides, and that with them. */
export async function startBothAgain(world: Phase9World): Promise<void> {
  const [firstStartAgain, keptStartAgain] = [await startAgain(world, 'first'), await startAgain(world, 'kept')];
  world.set({ firstStartAgain, keptStartAgain });
}

/** Starts a sandbox with other overrides on the kept state. */
export async function startWithOthers(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  world.set({ otherStart: await startKept(world, 'others', rows) });
}

/** Starts a sandbox without overrides on the kept state. */
export async function startWithoutAny(world: Phase9World): Promise<void> {
  world.set({ bareStart: (await startKept(world, 'bare', [])).start });
}

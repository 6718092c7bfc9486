import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { type ContainerLife, containerLife } from '../sut/container-life';
import type { registrySchema, sessionSchema } from '../sut/durable-documents';
import type { Phase9World } from '../world/world';
import { bringBack } from './bring-back';
import { type Inside, lookInside } from './inside';
import { rebuild } from './rebuild';
import { type Obstacle, type ObstacleName, obstacles } from './rebuild-refusal-obstacles';

/** What its owner had of a sandbox just before a rebuild. */
export interface Held extends Inside {
  readonly registry: ReturnType<typeof registrySchema.parse>;
  readonly session: ReturnType<typeof sessionSchema.parse>;
  readonly backups: Readonly<Record<string, string>>;
}

/** One rebuild that something stood in the way of. */
export interface Attempt {
  readonly before: Held;
  readonly outcome: Observation<CommandResult>;
  /** The container of before, as it was when the rebuild had ended and the obstacle still stood. */
  readonly container: Observation<ContainerLife | null>;
}

declare module '../world/scenario-state' {
  interface ScenarioState {
    attempts: Readonly<Partial<Record<ObstacleName, Attempt>>>;
  }
}

/** Rebuilds the sandbox while an obstacle stands in the way, and takes the obstacle away again. */
export async function rebuildDespite(world: Phase9World, name: ObstacleName): Promise<void> {
  const obstacle: Obstacle = obstacles[name];
  await bringBack(world);
  const before = await held(world);
  world.set({ containerBefore: before.container.id });
  const through = obstacle.through?.(world);
  const clear = await obstacle.put(world);
  try {
    await rebuild(world, { through });
    const container = await containerLife(before.container.id, 'sandbox');
    world.set({
      attempts: { ...world.getIfSet('attempts'), [name]: { before, outcome: world.get('outcome'), container } },
    });
  } finally {
    await clear();
  }
  world.staged('obstacle', { obstacle: name, container: before.container.id });
}

async function held(world: Phase9World): Promise<Held> {
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  return {
    ...(await lookInside(world, world.get('furnished'))),
    registry: durable.registry().peek(),
    session: durable.session().peek(),
    backups: durable.backupDigests(sandbox).peek(),
  };
}

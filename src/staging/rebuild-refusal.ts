import type { Observation } from '../evidence/observation';
import { AgentRuntime } from '../sut/agent-runtime';
import type { CommandResult } from '../sut/command';
import { type ContainerLife, containerLife } from '../sut/container-life';
import type { registrySchema, sessionSchema } from '../sut/durable-documents';
import type { NetworkPolicies } from '../sut/policy';
import type { Phase9World } from '../world/world';
import { bringBack } from './bring-back';
import { rebuild } from './rebuild';
import { type Obstacle, type ObstacleName, obstacles } from './rebuild-refusal-obstacles';

/** What its owner had of a sandbox just before a rebuild. */
export interface Held {
  readonly container: ContainerLife;
  readonly registry: ReturnType<typeof registrySchema.parse>;
  readonly session: ReturnType<typeof sessionSchema.parse>;
  readonly policies: NetworkPolicies;
  readonly version: string;
  /** Pids of the agent's processes inside. */
  readonly processes: readonly number[];
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

/** The agent's processes as they run in the sandbox. */
export function agentIn(world: Phase9World): AgentRuntime {
  const { profile, own } = world;
  return new AgentRuntime(own.cli, world.get('sandbox'), world.get('agent'), profile.bounds.inside);
}

/** What the owner has now; what only an old container could have changed is asked once for each container. */
async function held(world: Phase9World): Promise<Held> {
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  const { id } = (await world.sandbox().container()).peek() ?? {};
  if (id === undefined) throw new Error(`the sandbox ${sandbox} has no container`);
  const earlier = Object.values(world.getIfSet('attempts') ?? {}).find(({ before }) => before.container.id === id);
  return {
    ...(earlier?.before ?? (await inside(world, id))),
    registry: durable.registry().peek(),
    session: durable.session().peek(),
    backups: durable.backupDigests(sandbox).peek(),
  };
}

async function inside(world: Phase9World, id: string): Promise<Omit<Held, 'registry' | 'session' | 'backups'>> {
  const container = (await containerLife(id, 'sandbox')).peek();
  if (container === null) throw new Error(`the container ${id} is gone`);
  const first = (await agentIn(world).processes()).peek();
  return {
    container,
    policies: (await world.own.gateway.networkPolicies(world.get('sandbox'))).peek(),
    version: (await world.sandbox().agentVersion()).peek(),
    // A process that lives only for a moment is none that the owner has.
    processes: (await agentIn(world).processes()).peek().filter((pid) => first.includes(pid)),
  };
}

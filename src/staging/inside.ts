import { type ContainerLife, containerLife } from '../sut/container-life';
import type { PolicyDocument } from '../sut/openshell-output';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';

/** What a sandbox is while nobody touches it: its container, its policy, and the agent that runs in it. */
export interface Inside {
  readonly container: ContainerLife;
  readonly policy: PolicyDocument;
  readonly version: string;
  /** Pid of the agent's first process; null where none lives. */
  readonly process: number | null;
}

declare module '../world/scenario-state' {
  interface ScenarioState {
    inside: Inside;
  }
}

/** Bound for an agent that was just started to show a process, in ms. */
const STARTED_WITHIN = 10_000;

/** What the container `id` of the sandbox is like, as it was first seen. */
export async function lookInside(world: Phase9World, id: string): Promise<Inside> {
  const known = world.getIfSet('inside');
  if (known?.container.id === id) return known;
  const container = (await containerLife(id, 'sandbox')).peek();
  if (container === null) throw new Error(`the container ${id} is gone`);
  const first = async () => (await world.agentRuntime().firstProcess()).peek() ?? undefined;
  const within = { within: STARTED_WITHIN, every: 300, orElse: 'give-up' } as const;
  const process = (await until('a process of the agent', first, within)) ?? null;
  const inside: Inside = {
    container,
    policy: (await world.own.gateway.policyDocument(world.get('sandbox'))).peek(),
    version: (await world.sandbox().agentVersion()).peek(),
    process,
  };
  world.set({ inside });
  return inside;
}

import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What the agent's own check of its configuration said, and after which action. */
    configurationCheck: { readonly after: Observation<CommandResult>; readonly call: Observation<CommandResult> };
  }
}

/** The agent's own check of its configuration, made once after each action: it takes an agent some seconds. */
export async function configurationCheck(world: Phase9World): Promise<Observation<CommandResult>> {
  const after = world.get('outcome');
  const made = world.getIfSet('configurationCheck');
  if (made?.after === after) return made.call;
  const call = await world.agentRuntime().checkConfiguration();
  world.set({ configurationCheck: { after, call } });
  return call;
}

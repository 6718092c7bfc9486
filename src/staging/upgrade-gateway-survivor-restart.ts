import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import type { Registry } from '../sut/durable-documents';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { endGateway } from './gateway-process';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Registry and containers just before the current gateway was restarted. */
    beforeRestart: { readonly registry: Registry; readonly containers: readonly (string | null)[] };
    /** The commands by which gateway and sandboxes were started again. */
    recoveries: readonly Observation<CommandResult>[];
  }
}

/**
 * Ends the current gateway as a shutdown of its machine does, and starts it again by the product's own command, once for each sandbox: after any
 * restart an agent runs only when it is recovered.
 */
export async function restartGateway(world: Phase9World): Promise<void> {
  const { cli, durable, gateway } = world.own;
  const survivors = world.get('survivors');
  const containers: (string | null)[] = [];
  for (const { name } of survivors) containers.push((await world.sandbox(name).container()).peek()?.id ?? null);
  world.set({ beforeRestart: { registry: durable.registry().peek(), containers } });
  await endGateway(world, 'SIGTERM');
  const recoveries: Observation<CommandResult>[] = [];
  for (const { name } of survivors) {
    // The first one starts the gateway, too, which brings every sandbox back.
    const outcome = await cli.nemoclaw([name, 'recover'], { within: world.profile.bounds.rebuild });
    recoveries.push(outcome);
    world.set({ outcome });
    const ready = async () => (await gateway.phase(name)).peek() === 'Ready';
    await until(`${name} to be Ready`, ready, { within: world.profile.bounds.sandboxReady, orElse: 'give-up' });
  }
  world.set({ recoveries });
}

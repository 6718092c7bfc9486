import type { AssertionContext } from '../evidence/assertion';
import { agentFacts } from '../sut/agents';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { completesTurn, isHealthy } from './agent-at-work';
import { succeeds } from './command';
import { mayChange } from './instance-as-before';

/** The agent of every sandbox answers for its health soon after the upgrade. */
export async function everyAgentIsHealthy(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const { name } of world.get('survivors')) await isHealthy(a, world, world.agentRuntime(name));
}

/** A turn of the agent of every sandbox ends with the endpoint's answer, which was asked for the configured model. */
export async function everyAgentCompletesTurn(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const { name } of world.get('survivors')) await completesTurn(a, world, world.agentRuntime(name));
}

/** Started again, the gateway has every sandbox in the container that it had, at work, and the registry says what it said. */
export async function restartLosesNothing(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const call of world.get('recoveries')) succeeds(a, call, 'the recovery');
  const { registry, containers } = world.get('beforeRestart');
  const survivors = world.get('survivors');
  a.equals('containers before', containers.filter((one) => one !== null).length, survivors.length);
  for (const [index, { name, marker }] of survivors.entries()) {
    a.equals(`phase of ${name}`, a.see(await world.own.gateway.phase(name)) ?? 'not listed', 'Ready');
    const now = a.see(await world.sandbox(name).container());
    a.equals(`container of ${name}`, [now?.id ?? null, now?.state ?? null], [containers[index] ?? null, 'running']);
    const file = a.see(await world.sandbox(name).read(agentFacts[world.get('agent')].marker));
    const wanted = marker ?? world.get('marker').bytes;
    a.equals(
      `marker in ${name} (hex)`,
      file.there ? file.bytes.toString('hex') : 'no such file',
      wanted.toString('hex'),
    );
    await isHealthy(a, world, world.agentRuntime(name));
  }
  const now = a.see(world.own.durable.registry());
  a.equals('default sandbox', now.defaultSandbox ?? null, registry.defaultSandbox ?? null);
  a.isEmpty('what differs in the registry', settingsDifferences(registry.sandboxes, now.sandboxes, mayChange(world)));
}

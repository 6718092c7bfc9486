import { networkInterfaces } from 'node:os';
import { engine, engineAnswers, networkIdOf } from '../sut/engine';
import type { Phase9World } from '../world/world';

const owed = new WeakSet<Phase9World>();

/** Writes down, once a scenario, all that the SUT will make on the engine by itself. @throws when no engine answers. */
export async function owesEngine(world: Phase9World): Promise<void> {
  if (owed.has(world)) return;
  const answer = await engineAnswers();
  if (!answer.ok)
    throw new Error(
      `no Docker Engine answers (${answer.reason}); \`npm run setup\` starts one, \`npx phase9 doctor\` tells more`,
    );
  owed.add(world);
  const { obligations, isolation } = world.own;
  const network = world.profile.network(isolation);
  await obligations.owe({ kind: 'image-repository', repository: `phase9/${isolation.token}` }, 'scenario');
  await obligations.owe({ kind: 'network', name: network, there: (await networkIdOf(network)) !== null }, 'scenario');
  await obligations.owe(
    { kind: 'containers', prefix: `openshell-${isolation.token}-`, images: world.profile.sandboxImages },
    'scenario',
  );
}

/**
 * An address of this host that containers reach: that of the engine's default bridge, else the host's first one that is not
 * its loopback.
 */
export async function hostAddress(): Promise<string> {
  const bridge = await engine().getNetwork('bridge').inspect();
  const name: string = bridge.Options?.['com.docker.network.bridge.name'] ?? 'docker0';
  const interfaces = networkInterfaces();
  const candidates = [...(interfaces[name] ?? []), ...Object.values(interfaces).flat()];
  const address = candidates.find((one) => one && one.family === 'IPv4' && !one.internal)?.address;
  if (!address)
    throw new Error('this host has no IPv4 address but its loopback: containers could not reach the staged endpoint');
  return address;
}

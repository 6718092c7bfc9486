import { createServer, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { engine, engineAnswers, imageIdOf, networkIdOf, tagsMatching, untaggedImagesOn } from '../sut/engine';
import { containerPrefixFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';

const registered = new WeakSet<Phase9World>();

/** Registers for restore, once a scenario, all that the SUT will make on the engine by itself. @throws when no engine answers. */
export async function registerEngine(world: Phase9World): Promise<void> {
  if (registered.has(world)) return;
  const answer = await engineAnswers();
  if (!answer.ok)
    throw new Error(
      `no Docker Engine answers (${answer.reason}); \`npm run setup\` starts one, \`npx phase9 doctor\` tells more`,
    );
  registered.add(world);
  const { obligations, isolation } = world.own;
  const { containers } = world.profile.release;
  const network = world.profile.network(isolation);
  await obligations.register({ kind: 'image-repository', repository: `phase9/${isolation.token}` }, 'scenario');
  if (world.profile.isolation === 'in-place') await registerSandboxImages(world);
  await obligations.register(
    { kind: 'network', name: network, there: (await networkIdOf(network)) !== null },
    'scenario',
  );
  await obligations.register(
    {
      kind: 'containers',
      prefix: containerPrefixFor(containers, isolation.token),
      images: world.profile.sandboxImages,
      labelled: { label: containers.label, prefix: `${isolation.token}-` },
    },
    'scenario',
  );
}

/**
 * An installation in place makes images that carry no mark of the scenario, and keeps them once their sandbox is deleted. Only one scenario at
 * a time uses it: the images that are new at the end are the scenario's.
 */
async function registerSandboxImages(world: Phase9World): Promise<void> {
  const keep = await tagsMatching(new RegExp(world.profile.sandboxImages));
  const repository = world.profile.sandboxImages.replace(/^\^|:$/g, '');
  await world.own.obligations.register({ kind: 'image-repository', repository, keep }, 'scenario');
  await registerUnfinishedImages(world);
}

/** A build that is killed leaves its last image without a tag; those on the agents' base images are NemoClaw's. */
async function registerUnfinishedImages({ profile, own }: Phase9World): Promise<void> {
  if (profile.cachedBaseImage === 'own-tag') return;
  const tags = await Promise.all(Object.values(profile.cachedBaseImage).map(tagsMatching));
  const bases = (await Promise.all(tags.flat().map(imageIdOf))).filter((id) => id !== null);
  const keep = await untaggedImagesOn(bases);
  await own.obligations.register({ kind: 'unfinished-images', bases, keep }, 'scenario');
}

/** The first address of a subnet such as 172.17.0.0/16: the one that the engine gives its bridge where it names no gateway. */
function firstAddress(subnet: string): string {
  const octets = (subnet.split('/')[0] ?? '').split('.').map(Number);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 1].join('.');
}

function isOurs(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port: 0, host: address }, () => server.close(() => resolve(true)));
  });
}

/**
 * An address of this host that containers reach: that of the engine's default bridge, which nobody beyond this host does;
 * where it has none, the host's first one that is not its loopback. The user's own word for it comes first (`live.endpoint`).
 */
export async function hostAddress(world: Phase9World): Promise<string> {
  const named = world.profile.reach?.endpoint;
  if (named !== undefined) return named;
  const bridge = await engine().getNetwork('bridge').inspect();
  const configured = bridge.IPAM?.Config ?? [];
  const candidates = [
    ...configured.flatMap(({ Gateway, Subnet }) => Gateway ?? (Subnet ? firstAddress(Subnet) : [])),
    ...Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal }) => !internal).map(({ address }) => address),
    ),
  ].filter((address) => isIPv4(address));
  for (const address of candidates) if (await isOurs(address)) return address;
  throw new Error('this host has no IPv4 address but its loopback: containers could not reach the staged endpoint');
}

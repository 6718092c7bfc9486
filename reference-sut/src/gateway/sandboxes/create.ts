import { randomUUID } from 'node:crypto';
import { confined } from '../../sandbox/confinement';
import { docker } from '../../shared/docker';
import type { Step } from '../../shared/pipeline';
import { reasonOf } from '../../shared/reason';
import { until } from '../../shared/until';
import type { CreateSandboxRequest } from '../api/messages';
import { type ContainerPlan, containerState, imageExists, removeContainer, runContainer } from '../driver/container';
import { ensureNetwork } from '../driver/network';
import { placeholdersOf } from '../egress/credentials';
import { runOperation } from '../operation';
import { defaultPolicy } from '../policy/default-policy';
import { firstRevision } from '../policy/revision';
import { parsePolicy } from '../policy/schema';
import { Problem } from '../problem';
import type { ProviderRecord, SandboxRecord } from '../records';
import type { GatewayWorld } from '../world';

interface Creation {
  readonly world: GatewayWorld;
  readonly request: CreateSandboxRequest;
  readonly record: SandboxRecord;
  readonly providers: readonly ProviderRecord[];
}

const readyMs = 30_000;

/** Creating a sandbox, step by step. A failure undoes the steps before it, so that nothing half-made stays. */
export const creation: readonly Step<Creation>[] = [
  {
    name: 'image',
    run: async ({ request }) => {
      if (await imageExists(request.image)) return;
      throw new Problem(400, `image '${request.image}' is not on this machine; build it or pull it first`);
    },
  },
  {
    name: 'record',
    run: async ({ world, record }) => world.store.putSandbox(record),
    undo: async ({ world, record }) => world.store.dropSandbox(record.name),
  },
  {
    name: 'network',
    run: async ({ world }) => {
      const { port, network } = world.settings;
      const address = await ensureNetwork(network, { port, gatewayId: world.store.gatewayId });
      if (new URL(world.proxyUrl).hostname === address) return;
      throw new Problem(
        500,
        `the Docker network '${network}' was replaced behind the gateway's back; restart the gateway`,
      );
    },
  },
  {
    name: 'container',
    run: async ({ world, request, record, providers }) => {
      const { run_as_user = 'sandbox', run_as_group = run_as_user } = record.revision.policy.process ?? {};
      await runContainer({
        container: record.container,
        sandbox: record.name,
        image: record.image,
        user: run_as_user,
        group: run_as_group,
        network: world.settings.network,
        proxy: world.proxyUrl,
        trust: trustOf(world),
        gateway: { gatewayId: world.store.gatewayId, port: world.settings.port },
        placeholders: placeholdersOf(providers),
        command: request.command.length > 0 ? confined(record.revision.policy, request.command) : [],
      });
    },
    undo: async ({ record }) => removeContainer(record.container),
  },
  {
    name: 'wait ready',
    run: async ({ record }) => {
      await until(`sandbox ${record.name} to run`, async () => runs(record), { withinMs: readyMs });
    },
  },
  {
    name: 'publish',
    run: async ({ world, record }) => {
      const { resourceVersion } = record;
      world.store.putSandbox({ ...record, phase: 'Ready', resourceVersion: resourceVersion + 1 });
    },
  },
];

/** A gateway in a container has no directory that the engine could mount, so it uses a volume. */
function trustOf({ settings, directory }: GatewayWorld): ContainerPlan['trust'] {
  const { trustVolume } = settings;
  return trustVolume === undefined ? { type: 'bind', src: directory.publicTls } : { type: 'volume', src: trustVolume };
}

/** True once the container runs; undefined while it starts. @throws {Problem} with its output when it ended. */
async function runs(record: SandboxRecord): Promise<true | undefined> {
  const state = await containerState(record.container);
  if (state?.Running) return true;
  if (state?.Status !== 'exited' && state?.Status !== 'dead') return undefined;
  const output = await docker(['logs', '--tail', '5', record.container]).catch(() => '');
  throw new Problem(
    500,
    `the sandbox ended with status ${state.ExitCode} as soon as it was started: ${state.Error || output}`,
  );
}

/**
 * Creates a sandbox and returns once it is ready.
 * @throws {Problem} when the name is taken, the image, a provider or the policy is not right, or the engine refuses.
 */
export async function createSandbox(world: GatewayWorld, request: CreateSandboxRequest): Promise<void> {
  if (world.store.sandbox(request.name)) throw new Problem(409, `sandbox '${request.name}' already exists`);
  const providers = request.providers.map((name) => {
    const provider = world.store.provider(name);
    if (!provider)
      throw new Problem(
        400,
        `provider '${name}' not found; create it with: openshell provider create --name ${name} …`,
      );
    return provider;
  });
  const now = Date.now();
  const id = randomUUID();
  const record: SandboxRecord = {
    id,
    name: request.name,
    createdAt: new Date(now).toISOString(),
    image: request.image,
    ownsImage: request.ownsImage,
    container: `openshell-${request.name}-${id}`,
    phase: 'Provisioning',
    providers: request.providers,
    resourceVersion: 1,
    revision: firstRevision(policyOf(request), request.policy === undefined ? 'default' : 'sandbox', now),
  };
  await runOperation(`create ${request.name}`, creation, { world, request, record, providers });
}

function policyOf(request: CreateSandboxRequest) {
  const fallback = defaultPolicy();
  if (request.policy === undefined) return fallback;
  try {
    const { version, ...given } = parsePolicy(request.policy.text, request.policy.file);
    const { network_policies: _, ...common } = fallback;
    const policy = { ...common, version, ...given };
    const user = policy.process?.run_as_user ?? 'sandbox';
    const group = policy.process?.run_as_group ?? user;
    if ([user, group].some((each) => /^(root|0+)$/.test(each) || !/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(each))) {
      throw new Error(`The policy's process runs as '${user}:${group}'; it must be a user and group other than root`);
    }
    return policy;
  } catch (error) {
    throw new Problem(400, reasonOf(error));
  }
}

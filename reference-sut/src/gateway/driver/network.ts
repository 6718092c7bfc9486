import { z } from 'zod';
import { DockerError, docker, tryDocker } from '../../shared/docker';
import { label, managedByOpenShell } from './labels';

const inspected = z
  .array(
    z.object({
      Internal: z.boolean(),
      Labels: z.record(z.string(), z.string()).nullable(),
      IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional(), Gateway: z.string().optional() })) }),
      Containers: z.record(z.string(), z.object({ Name: z.string(), IPv4Address: z.string() })).nullable(),
    }),
  )
  .length(1);

type Inspected = z.infer<typeof inspected>[number];

async function inspect(name: string): Promise<Inspected | undefined> {
  const result = await tryDocker(['network', 'inspect', name]);
  if (result.status !== 0) {
    if (/no such network|not found/i.test(result.stderr)) return undefined;
    throw new DockerError(['network', 'inspect'], result);
  }
  return inspected.parse(JSON.parse(result.stdout))[0];
}

/** How often a subnet that the engine proposed may turn out to be taken by another network made at the same time. */
const attempts = 8;

/**
 * Creates the network on a subnet that the engine proposes. Its members cannot reach each other, and their default route
 * leads to an unused address: engines before 24 would otherwise let them reach every address of this host, past the proxy.
 * The network is created twice, because auxiliary addresses need an explicit subnet. Engines that refuse such an address
 * give the members of an internal network no default route at all.
 */
async function createNetwork(name: string, labels: readonly string[]): Promise<void> {
  const labelled = labels.flatMap((each) => ['--label', each]);
  for (let attempt = 1; ; attempt++) {
    await docker(['network', 'create', '--internal', ...labelled, name]);
    const { subnet, gateway } = addressesOf(name, await inspect(name));
    await docker(['network', 'rm', name]);
    const create = (route: readonly string[]) =>
      tryDocker([
        ...['network', 'create', '--internal', ...labelled, '--subnet', subnet, '--gateway', gateway, ...route],
        ...['--opt', 'com.docker.network.bridge.enable_icc=false', name],
      ]);
    let created = await create(['--aux-address', `DefaultGatewayIPv4=${lastAddress(subnet)}`]);
    if (/no gateway can be set on an internal/i.test(created.stderr)) created = await create([]);
    if (created.status === 0) return;
    if (attempt === attempts || !/overlap/i.test(created.stderr)) throw new DockerError(['network', 'create'], created);
  }
}

/** The last address of an IPv4 subnet that a host can have: of 172.20.0.0/16 that is 172.20.255.254. */
export function lastAddress(subnet: string): string {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(subnet);
  const length = Number(match?.[5]);
  if (!match || length > 30) throw new Error(`'${subnet}' is no IPv4 subnet with room for a sandbox`);
  const network = match.slice(1, 5).reduce((number, byte) => number * 256 + Number(byte), 0);
  const size = 2 ** (32 - length);
  const last = Math.floor(network / size) * size + size - 2;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}

function addressesOf(name: string, network: Inspected | undefined): { subnet: string; gateway: string } {
  const { Subnet: subnet, Gateway: gateway } = network?.IPAM.Config[0] ?? {};
  if (!subnet || !gateway)
    throw new Error(`The Docker network '${name}' has no address of its own, so sandboxes on it could reach no proxy.`);
  return { subnet, gateway: gateway.replace(/\/\d+$/, '') };
}

/**
 * Makes the sandboxes' network unless it exists, and returns its address of this host. The egress proxy on that address is
 * the only way out.
 * @throws when a network of that name is not OpenShell's or has a way out.
 */
export async function ensureNetwork(name: string, owner: { port: number; gatewayId: string }): Promise<string> {
  let network = await inspect(name);
  if (!network) {
    await createNetwork(name, [
      managedByOpenShell,
      `${label.gateway}=${owner.port}`,
      `${label.gatewayId}=${owner.gatewayId}`,
    ]);
    network = await inspect(name);
  }
  if (!network?.Internal || network.Labels?.[label.managedBy] !== 'openshell') {
    throw new Error(
      `The Docker network '${name}' exists and is not an internal one made by OpenShell. Remove it, or choose another name with OPENSHELL_DOCKER_NETWORK_NAME.`,
    );
  }
  return addressesOf(name, network).gateway;
}

/** Names of the containers on the network, by their address on it. */
export async function containersByAddress(name: string): Promise<ReadonlyMap<string, string>> {
  const network = await inspect(name);
  const members = Object.values(network?.Containers ?? {});
  return new Map(members.map((member) => [member.IPv4Address.replace(/\/\d+$/, ''), member.Name]));
}

/** Removes the network if it is this gateway's. One that is gone already, or still used by another gateway, is left. */
export async function removeNetwork(name: string, gatewayId: string): Promise<'removed' | 'kept'> {
  const network = await inspect(name);
  if (network?.Labels?.[label.gatewayId] !== gatewayId) return 'kept';
  const result = await tryDocker(['network', 'rm', name]);
  if (result.status === 0) return 'removed';
  if (/active endpoints/.test(result.stderr)) return 'kept';
  throw new DockerError(['network', 'rm'], result);
}

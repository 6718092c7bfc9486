import { existsSync, realpathSync } from 'node:fs';
import { label, managedByOpenShell } from '../gateway/driver/labels';
import { docker, tryDocker } from '../shared/docker';
import { until } from '../shared/until';
import { openshellVersion } from '../shared/version';
import type { GatewayMetadata } from './configuration';
import { Failure } from './failure';
import { GatewayClient } from './gateway-client';

/** A gateway with sandboxes to start again needs longer than one without (ms). */
const startMs = 60_000;
const stateInside = '/var/lib/openshell';
const socketInside = '/var/run/docker.sock';
/** Directory of the cluster's images and of the snapshots of its containers. */
const clusterDataInside = '/var/lib/rancher/k3s';

/** Name of a gateway's container, and of the volume with its state (sut-contract.md, “openshell”). */
export function clusterName(gateway: string): string {
  return `openshell-cluster-${gateway}`;
}

/** Volume with the certificates that sandboxes trust; they mount it too. */
function trustVolume(gateway: string): string {
  return `${clusterName(gateway)}-trust`;
}

function image(): string {
  return process.env.OPENSHELL_CLUSTER_IMAGE || `nemoclaw-reference/openshell-cluster:${openshellVersion}`;
}

/** Arguments by which a container reaches this command's engine: its socket mounted, or its address. */
async function engineArguments(): Promise<string[]> {
  const host =
    process.env.DOCKER_HOST || (await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']));
  const socket = /^unix:\/\/(.+)$/.exec(host)?.[1];
  if (socket === undefined) return ['--env', `DOCKER_HOST=${host}`];
  return ['--mount', `type=bind,src=${realpathSync(socket)},dst=${socketInside}`];
}

/**
 * A container's own root supports no further overlay where the engine's storage driver is overlay2: there the cluster's
 * data gets a volume. (This release does not know that containerd's overlayfs has the same limit.)
 */
async function clusterDataArguments(): Promise<string[]> {
  const driver = await docker(['info', '--format', '{{.Driver}}']);
  return driver === 'overlay2' ? ['--mount', `type=volume,dst=${clusterDataInside}`] : [];
}

/** Arguments that let a cluster mount the snapshots of its containers. */
function mountingArguments(): string[] {
  const fuse = '/dev/fuse';
  return [
    ...['--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined'],
    ...(existsSync(fuse) ? ['--device', fuse] : []),
  ];
}

/**
 * The gateway's container: on this host's network, so that its API and its proxy are where a sandbox and `openshell`
 * look for them, with the engine's socket, and with state in volumes of its own.
 */
async function clusterArguments(gateway: string, port: number): Promise<string[]> {
  const named = process.env.OPENSHELL_HOSTS_FILE;
  const hosts = named && existsSync(named) ? named : undefined;
  const environment: Record<string, string> = {
    NEMOCLAW_GATEWAY_PORT: String(port),
    OPENSHELL_TRUST_VOLUME: trustVolume(gateway),
    ...(process.env.OPENSHELL_DOCKER_NETWORK_NAME && {
      OPENSHELL_DOCKER_NETWORK_NAME: process.env.OPENSHELL_DOCKER_NETWORK_NAME,
    }),
    ...(hosts && { OPENSHELL_HOSTS_FILE: '/etc/openshell/hosts' }),
  };
  return [
    ...['--init', '--pull', 'never', '--network', 'host'],
    ...[managedByOpenShell, `${label.gateway}=${gateway}`, `${label.gatewayPort}=${port}`].flatMap((one) => [
      '--label',
      one,
    ]),
    ...['--mount', `type=volume,src=${clusterName(gateway)},dst=${stateInside}`],
    ...['--mount', `type=volume,src=${trustVolume(gateway)},dst=${stateInside}/tls/public`],
    ...(hosts ? ['--mount', `type=bind,src=${hosts},dst=/etc/openshell/hosts,readonly`] : []),
    ...(await engineArguments()),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

interface ContainerSeen {
  readonly state: string;
  readonly image: string;
}

async function seen(container: string): Promise<ContainerSeen | undefined> {
  const format = '{{.State.Status}} {{.Config.Image}}';
  const result = await tryDocker(['container', 'inspect', '--format', format, container]);
  const [state, image] = result.stdout.trim().split(' ');
  return result.status === 0 && state && image ? { state, image } : undefined;
}

function metadata(gateway: string, port: number): GatewayMetadata {
  const gateway_endpoint = `http://127.0.0.1:${port}`;
  return { name: gateway, gateway_endpoint, is_remote: false, gateway_port: port, auth_mode: 'plaintext' };
}

/** Runs the container, or starts the stopped one; one of another image is replaced. Its state stays. */
async function bringUp(gateway: string, port: number): Promise<void> {
  const container = clusterName(gateway);
  const before = await seen(container);
  if (before?.state === 'running') return;
  if (before?.image === image()) {
    await docker(['start', container]);
    return;
  }
  if (before) await docker(['rm', '--volumes', container]);
  const args = [...(await clusterArguments(gateway, port)), ...mountingArguments(), ...(await clusterDataArguments())];
  await docker(['run', '--detach', '--name', container, ...args, image()]);
}

/**
 * Starts a gateway's container and waits until it answers.
 * @throws {Failure} with the end of its log.
 */
export async function startCluster(gateway: string, port: number): Promise<void> {
  const container = clusterName(gateway);
  await bringUp(gateway, port);
  const client = new GatewayClient(metadata(gateway, port));
  const answers = async () => {
    const { state } = (await seen(container)) ?? { state: 'gone' };
    if (state !== 'running') return `its container is ${state}`;
    return (await client.ask('GET', '/v1/status').catch(() => undefined)) === undefined ? undefined : 'answers';
  };
  const outcome = await until(`gateway '${gateway}' to answer`, answers, { withinMs: startMs, everyMs: 100 });
  if (outcome === 'answers') return;
  const { stdout, stderr } = await tryDocker(['logs', '--tail', '5', container]);
  throw new Failure(`gateway '${gateway}' did not come up`, outcome, `${stdout}${stderr}`.trim());
}

/** Removes everything that a dead gateway has made, by its own program and on its own state. */
export async function clearCluster({ name, gateway_port }: GatewayMetadata): Promise<boolean> {
  if ((await tryDocker(['volume', 'inspect', clusterName(name)])).status !== 0) return false;
  await tryDocker(['stop', clusterName(name)]);
  const args = [...(await clusterArguments(name, gateway_port)), image(), '--destroy', '--state-dir', stateInside];
  await docker(['run', '--rm', ...args]);
  return true;
}

/** Removes a gateway's container and volumes. It can be repeated. */
export async function removeCluster(gateway: string): Promise<void> {
  const gone = /no such (container|volume)/i;
  const must = async (args: readonly string[]) => {
    const result = await tryDocker(args);
    if (result.status !== 0 && !gone.test(result.stderr))
      throw new Failure(`docker ${args[0]} failed`, result.stderr.trim());
  };
  await must(['rm', '--force', '--volumes', clusterName(gateway)]);
  await must(['volume', 'rm', clusterName(gateway)]);
  await must(['volume', 'rm', trustVolume(gateway)]);
}

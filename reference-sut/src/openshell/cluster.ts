import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { label, managedByOpenShell } from '../gateway/driver/labels';
import { openshellVersion } from '../gateway/version';
import { docker, tryDocker } from '../shared/docker';
import { until } from '../shared/until';
import type { GatewayMetadata } from './configuration';
import { Failure } from './failure';
import { GatewayClient } from './gateway-client';

/** A gateway that has sandboxes to bring back needs longer than one that has none. Ms. */
const startMs = 60_000;
const stateInside = '/var/lib/openshell';
const socketInside = '/var/run/docker.sock';

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

function programOnPath(name: string): string {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return realpathSync(file);
    } catch {
      // not in this directory
    }
  }
  throw new Failure(`there is no ${name} on PATH`);
}

/** How a container reaches the engine that this command speaks to: its socket mounted, or its address. */
async function engineArguments(): Promise<string[]> {
  const host =
    process.env.DOCKER_HOST || (await docker(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']));
  const socket = /^unix:\/\/(.+)$/.exec(host)?.[1];
  if (socket === undefined) return ['--env', `DOCKER_HOST=${host}`];
  return ['--mount', `type=bind,src=${realpathSync(socket)},dst=${socketInside}`];
}

/**
 * The gateway's container: on this host's network, so that its API and its proxy are where a sandbox and `openshell`
 * look for them, with the engine's socket, and with state in volumes of its own. The docker CLI is this host's.
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
    ...['--mount', `type=bind,src=${programOnPath('docker')},dst=/usr/local/bin/docker,readonly`],
    ...(hosts ? ['--mount', `type=bind,src=${hosts},dst=/etc/openshell/hosts,readonly`] : []),
    ...(await engineArguments()),
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
}

async function stateOf(container: string): Promise<string | undefined> {
  const result = await tryDocker(['container', 'inspect', '--format', '{{.State.Status}}', container]);
  return result.status === 0 ? result.stdout.trim() : undefined;
}

function metadata(gateway: string, port: number): GatewayMetadata {
  const gateway_endpoint = `http://127.0.0.1:${port}`;
  return { name: gateway, gateway_endpoint, is_remote: false, gateway_port: port, auth_mode: 'plaintext' };
}

/**
 * Starts a gateway's container, or the one that was stopped, and waits until it answers.
 * @throws {Failure} with the end of its log.
 */
export async function startCluster(gateway: string, port: number): Promise<void> {
  const container = clusterName(gateway);
  const before = await stateOf(container);
  if (before === undefined) {
    const args = [...(await clusterArguments(gateway, port)), image(), '--state-dir', stateInside];
    await docker(['run', '--detach', '--name', container, ...args]);
  } else if (before !== 'running') await docker(['start', container]);
  const client = new GatewayClient(metadata(gateway, port));
  const answers = async () => {
    const state = await stateOf(container);
    if (state !== 'running') return `its container is ${state ?? 'gone'}`;
    return (await client.ask('GET', '/v1/status').catch(() => undefined)) === undefined ? undefined : 'answers';
  };
  const outcome = await until(`gateway '${gateway}' to answer`, answers, { withinMs: startMs, everyMs: 100 });
  if (outcome === 'answers') return;
  const { stdout, stderr } = await tryDocker(['logs', '--tail', '5', container]);
  throw new Failure(`gateway '${gateway}' did not come up`, outcome, `${stdout}${stderr}`.trim());
}

/** Removes what a gateway that no longer answers has made: asked of its own program, on its own state. */
export async function clearCluster({ name, gateway_port }: GatewayMetadata): Promise<boolean> {
  if ((await tryDocker(['volume', 'inspect', clusterName(name)])).status !== 0) return false;
  await tryDocker(['stop', clusterName(name)]);
  const args = [...(await clusterArguments(name, gateway_port)), image(), '--destroy', '--state-dir', stateInside];
  await docker(['run', '--rm', ...args]);
  return true;
}

/** Removes a gateway's container and volumes. Doing it again is fine. */
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

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { reasonOf } from '../reason';
import { endedHow } from '../sut/command';
import { imageIdOf } from '../sut/engine';
import { engineStorage, restartEngine } from '../sut/engine-container';
import { tail, textOf } from '../sut/host-cli';
import { PRIVATE_ENGINE_IMAGE, PrivateEngine } from '../sut/private-engine';
import { MissingCapability } from '../world/capabilities';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { registerEngine } from './engine-use';

declare module '../world/scenario-state' {
  interface ScenarioState {
    privateEngine: PrivateEngine;
  }
}

/** Capabilities that an engine in a container needs; never `--privileged`. */
const CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH', 'SYS_NICE', 'SYSLOG'];
const FUSE = '/dev/fuse';
/** Address ranges that no network of the host uses, so that the engine still reaches the host. */
const ADDRESSES = ['--bip', '10.249.0.1/24', '--default-address-pool', 'base=10.250.0.0/16,size=24'];
/** Longest path of a Unix socket on Linux, in bytes. */
const SOCKET_PATH_LIMIT = 107;

/** A configuration as an operator may have written it by hand; it only limits the size of logs. */
const CONFIGURED = '{ "log-driver": "json-file",\n  "log-opts": { "max-size": "10m" } }\n';

/** How an engine reports that it may not start such a container, or does not know how to. */
const FORBIDDEN =
  /not permitted|permission denied|not allowed|forbidden|denied by|invalid (?:--)?security-opt|cgroupns|gather device/i;

function noSecondEngine(reason: string): MissingCapability {
  return new MissingCapability('second-engine', `this host runs no second engine in a container: ${reason}`);
}

/**
 * Starts an engine for the scenario alone, in a container.
 * @throws MissingCapability when this host cannot run one; Error when its image is missing, which set-up should have
 * made.
 */
export async function stagePrivateEngine(world: Phase9World): Promise<PrivateEngine> {
  await registerEngine(world);
  if ((await imageIdOf(PRIVATE_ENGINE_IMAGE)) === null)
    throw new Error(`there is no image ${PRIVATE_ENGINE_IMAGE}: run \`npm run setup\`, which makes it`);
  const engine = await startEngine(world);
  world.set({ privateEngine: engine });
  return engine;
}

interface EnginePlace {
  readonly container: string;
  /**
   * The scenario's directory, which has the same path in the engine's container; the engine writes to `engine/` below
   * it.
   */
  readonly directory: string;
  /** Port of the gateway, published on this host's loopback as if the engine ran on the host itself. */
  readonly port: number;
  readonly scenario: string;
}

/** Arguments of `docker run` for an engine in a container. */
export function engineArguments({ container, directory, port, scenario }: EnginePlace): string[] {
  const place = path.join(directory, 'engine');
  return [
    ...['--detach', '--name', container, '--label', `phase9.scenario=${scenario}`, '--pull', 'never'],
    ...CAPABILITIES.flatMap((one) => ['--cap-add', one]),
    ...['seccomp', 'apparmor', 'systempaths'].flatMap((one) => ['--security-opt', `${one}=unconfined`]),
    ...['--cgroupns', 'private', '--device', FUSE, '--device-cgroup-rule', 'a *:* rwm'],
    ...['--tmpfs', '/run:exec,mode=755', '--stop-timeout', '30'],
    ...['--publish', `127.0.0.1:${port}:${port}`, '--env', `FORWARDED_PORT=${port}`],
    // The SUT and this engine see the files that the SUT mounts into containers at the same paths.
    ...['--volume', `${directory}:${directory}:ro`, '--volume', `${place}:${place}`],
    ...['--volume', `${path.join(place, 'etc')}:/etc/docker`],
    PRIVATE_ENGINE_IMAGE,
    ...['--host', `unix://${path.join(place, 'docker.sock')}`, '--group', String(process.getgid?.() ?? 0)],
    ...ADDRESSES,
  ];
}

async function startEngine(world: Phase9World): Promise<PrivateEngine> {
  const { cli, obligations, isolation, directory } = world.own;
  if (!existsSync(FUSE)) throw noSecondEngine(`it has no ${FUSE}`);
  const place = path.join(directory, 'engine');
  const socket = path.join(place, 'docker.sock');
  if (Buffer.byteLength(socket) > SOCKET_PATH_LIMIT)
    throw new Error(`${socket} is too long for a socket: choose a shorter PHASE9_STATE_DIR`);
  mkdirSync(path.join(place, 'etc'), { recursive: true });
  writeFileSync(path.join(place, 'etc/daemon.json'), CONFIGURED, { mode: 0o640 });
  const container = `phase9-${isolation.token}-engine`;
  await obligations.register({ kind: 'containers', prefix: container }, 'private-engine');
  const args = engineArguments({ container, directory, port: isolation.gatewayPort, scenario: isolation.token });
  const result = (await cli.run(['docker', 'run', ...args], { within: world.profile.bounds.command })).peek();
  if (result.exit !== 0) {
    const reason = `docker run: ${endedHow(result)}: ${tail(result, 2)}`;
    throw FORBIDDEN.test(reason) ? noSecondEngine(reason) : new Error(reason);
  }
  await engineStorage(socket, container).catch((error: unknown) => {
    throw noSecondEngine(reasonOf(error));
  });
  return new PrivateEngine(container, socket, cli, world.profile.bounds.inside);
}

/** Switches the engine's storage to containerd's snapshotter, the default since Docker 29, and restarts it. */
export async function switchToContainerd(world: Phase9World, engine: PrivateEngine): Promise<void> {
  const { container, socket } = engine;
  const file = path.join(path.dirname(socket), 'etc/daemon.json');
  const { driver } = await engineStorage(socket, container);
  const { before } = fileAsItIs(file);
  const obligation = { kind: 'engine-configuration', container, socket, path: file, before, driver } as const;
  let during = '';
  await world.own.obligations.register(obligation, 'docker-daemon-config', async () => {
    const settings: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify({ ...settings, features: { 'containerd-snapshotter': true } })}\n`);
    const after = await restartEngine(socket, container);
    during = `Driver ${after.driver}, driver-type ${after.type ?? 'none'}`;
    return `${readFileSync(file, 'utf8').trim()}; ${during}`;
  });
  world.staged('docker-daemon-config', { engine: container, file, before: `Driver ${driver}`, during });
}

/** Digests of an image's layers, which do not depend on how an engine stores them. */
const LAYERS = '{{json .RootFS.Layers}}';

/**
 * Loads images of the user's engine into the private one, among them the cluster's as OpenShell ships it.
 * @throws when the cluster's image has other layers afterwards.
 */
export async function loadImages(
  world: Phase9World,
  engine: PrivateEngine,
  cluster: string,
  others: readonly string[],
): Promise<void> {
  const { cli } = world.own;
  const { imageBuild, command } = world.profile.bounds;
  const script = 'into=$1; shift; docker save "$@" | DOCKER_HOST=$into docker load --quiet';
  const argv = ['bash', '-o', 'pipefail', '-c', script, 'bash', engine.address, cluster, ...others] as const;
  await cli.must(
    cli.run([...argv], { within: imageBuild }, `docker save ${[cluster, ...others].join(' ')} | docker load`),
  );
  const inspect = ['image', 'inspect', '--format', LAYERS, cluster] as const;
  const here = await cli.must(cli.run(['docker', ...inspect], { within: command }));
  const there = await engine.must(inspect);
  const layers = textOf(there.peek().stdout).trim();
  if (layers !== textOf(here.peek().stdout).trim()) throw new Error(`${cluster} has other layers after it was loaded`);
  const { id, created } = (await engine.image(cluster)).peek();
  world.staged('cluster-image', { reference: cluster, image: id, created, layers });
}

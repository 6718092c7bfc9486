import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endedHow } from '../sut/command';
import { imageIdOf } from '../sut/engine';
import { engineStorage, restartEngine } from '../sut/engine-container';
import { tail, textOf } from '../sut/host-cli';
import { PRIVATE_ENGINE_IMAGE, PrivateEngine } from '../sut/private-engine';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { owesEngine } from './engine-use';

declare module '../world/scenario-state' {
  interface ScenarioState {
    privateEngine: PrivateEngine;
  }
}


/** What an engine in a container has to be allowed; never `--privileged`. */
const CAPABILITIES = ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'DAC_READ_SEARCH', 'SYS_NICE', 'SYSLOG'];
const FUSE = '/dev/fuse';
/** Addresses that no network of the host has: the engine reaches the host beside them. */
const ADDRESSES = ['--bip', '10.249.0.1/24', '--default-address-pool', 'base=10.250.0.0/16,size=24'];
/** A path of a Unix socket has room for so many bytes. */
const SOCKET_PATH_LIMIT = 107;

/** What an engine that was configured by hand may say already; only its log is kept short by it. */
const CONFIGURED = '{ "log-driver": "json-file",\n  "log-opts": { "max-size": "10m" } }\n';

/** How an engine says that it may not start such a container, or does not know how to. */
const FORBIDDEN =
  /not permitted|permission denied|not allowed|forbidden|denied by|invalid (?:--)?security-opt|cgroupns|gather device/i;

/** What keeps this host from running a second engine. */
class CannotRun extends Error {}

/**
 * Starts an engine for the scenario alone, in a container. Where this host cannot run one, that becomes the reason why the
 * scenario's assertions are not applicable.
 * @throws when the image is not there: that is set-up's to make, not the host's to lack.
 */
export async function stagePrivateEngine(world: Phase9World): Promise<PrivateEngine | undefined> {
  await owesEngine(world);
  if ((await imageIdOf(PRIVATE_ENGINE_IMAGE)) === null)
    throw new Error(`there is no image ${PRIVATE_ENGINE_IMAGE}: run \`npm run setup\`, which makes it`);
  try {
    const engine = await startEngine(world);
    world.set({ privateEngine: engine });
    return engine;
  } catch (error) {
    if (!(error instanceof CannotRun)) throw error;
    world.set({ notApplicable: `this host runs no second engine in a container: ${error.message}` });
    return undefined;
  }
}

interface EnginePlace {
  readonly container: string;
  /** The scenario's directory, which lies at the same path in the engine's container; `engine/` in it is the engine's. */
  readonly directory: string;
  /** Port of the gateway, which is found on this host's loopback as if the engine ran on the host itself. */
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
    // What the SUT mounts into containers lies at the same place for it and for this engine.
    ...['--volume', `${directory}:${directory}:ro`, '--volume', `${place}:${place}`],
    ...['--volume', `${path.join(place, 'etc')}:/etc/docker`],
    PRIVATE_ENGINE_IMAGE,
    ...['--host', `unix://${path.join(place, 'docker.sock')}`, '--group', String(process.getgid?.() ?? 0)],
    ...ADDRESSES,
  ];
}

async function startEngine(world: Phase9World): Promise<PrivateEngine> {
  const { cli, obligations, isolation, directory } = world.own;
  if (!existsSync(FUSE)) throw new CannotRun(`it has no ${FUSE}`);
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
    throw FORBIDDEN.test(reason) ? new CannotRun(reason) : new Error(reason);
  }
  await engineStorage(socket, container).catch((error: unknown) => {
    throw new CannotRun(error instanceof Error ? error.message : String(error));
  });
  return new PrivateEngine(container, socket, cli, world.profile.bounds.inside);
}

/** Lets the engine keep images and containers by containerd's snapshotter, as engines do from the start since Docker 29. */
export async function switchToContainerd(world: Phase9World, engine: PrivateEngine): Promise<void> {
  const { container, socket } = engine;
  const file = path.join(path.dirname(socket), 'etc/daemon.json');
  const { driver } = await engineStorage(socket, container);
  const { before } = fileAsItIs(file);
  const owed = { kind: 'engine-configuration', container, socket, path: file, before, driver } as const;
  let during = '';
  await world.own.obligations.register(owed, 'docker-daemon-config', async () => {
    const settings: Record<string, unknown> = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, `${JSON.stringify({ ...settings, features: { 'containerd-snapshotter': true } })}\n`);
    const after = await restartEngine(socket, container);
    during = `Driver ${after.driver}, driver-type ${after.type ?? 'none'}`;
    return `${readFileSync(file, 'utf8').trim()}; ${during}`;
  });
  world.staged('docker-daemon-config', { engine: container, file, before: `Driver ${driver}`, during });
}

/** Digests of an image's layers: the same whichever way an engine keeps them. */
const LAYERS = '{{json .RootFS.Layers}}';

/**
 * Loads images of the user's engine into the private one, and the cluster's among them as OpenShell ships it.
 * @throws when what was loaded is not what was there.
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

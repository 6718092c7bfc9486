import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { engine, volumeThere } from '../sut/engine';
import { textOf } from '../sut/host-cli';
import { mapConcurrent } from '../sut/map-concurrent';
import {
  type OverrideStart,
  type Reading,
  type StartOutcome,
  startAndListen,
  startAndRead,
} from '../sut/runtime-overrides';
import { sutTime } from '../sut/sut-time';
import type { Phase9World } from '../world/world';
import type { Overrides } from './runtime-overrides-cases';
import { buildSandboxImage } from './sandbox-image';

declare module '../world/scenario-state' {
  interface ScenarioState {
    overrideImage: OverrideImage;
  }
}

const fixture = 'runtime-override';
const directory = inRepository('fixtures/runtime-overrides');
const lastOut = path.join(directory, 'last-out.py');
const payload = path.join(directory, 'payload.sh');

/** A volume, and where it lies in a container. */
export interface Mount {
  readonly name: string;
  readonly path: string;
}

/** What scenarios keep in volumes of their own: a state directory for several starts, and what links lead to. */
const kept = ['state', 'victims'] as const;

/** The scenario's own volume for one of these. It is registered for restore with the image. */
export function volumeFor(world: Phase9World, what: (typeof kept)[number]): string {
  return `${world.own.isolation.token}-override-${what}`;
}

/** The sandbox image that is started with overrides. */
export interface OverrideImage {
  readonly tag: string;
  readonly id: string;
  readonly entry: readonly string[];
  /** The volumes that the image declares. Every start gets the same ones, as for an operator who keeps a volume. */
  readonly volumes: readonly Mount[];
  /** Directory for copies of files from the containers. */
  readonly copies: string;
  /** Random, so that no other program prints them. */
  readonly marks: { readonly whole: string; readonly payload: string };
}

/** One start to make. */
export interface StartRequest {
  /** Its name within the scenario. */
  readonly name: string;
  readonly overrides: Overrides;
  /** A command for it to run, as the sandbox's user. */
  readonly command?: readonly string[];
  /** Volumes besides those that the image declares. */
  readonly mounts?: readonly Mount[];
  /** Bound in ms, where it is another than that of a command. */
  readonly within?: number;
}

/**
 * Builds the sandbox image and its base from the SUT's own tree, and registers for restore what its starts will make.
 */
export async function stageOverrideImage(world: Phase9World): Promise<void> {
  const { own } = world;
  const { token } = own.isolation;
  const repository = `phase9/${token}`;
  const tag = `${repository}/override:fixture`;
  await buildSandboxImage(world, tag);
  const { Id: id, Config: config } = await sutTime.of(() => engine().getImage(tag).inspect());
  const entry = typeof config.Entrypoint === 'string' ? [config.Entrypoint] : (config.Entrypoint ?? []);
  const volumes = Object.keys(config.Volumes ?? {}).map((at, index) => ({
    name: `${token}-override-${index}`,
    path: at,
  }));
  for (const name of [...volumes.map((one) => one.name), ...kept.map((one) => volumeFor(world, one))]) {
    await own.obligations.register({ kind: 'volume', name, there: await volumeThere(name) }, fixture);
  }
  // Registered after the volumes, so that they are removed before them: the engine keeps a volume in use.
  await own.obligations.register({ kind: 'containers', prefix: `${token}-override-` }, fixture);
  const copies = path.join(own.directory, 'overrides');
  mkdirSync(copies);
  const mark = () => `phase9-${randomBytes(12).toString('hex')}`;
  world.set({ overrideImage: { tag, id, entry, volumes, copies, marks: { whole: mark(), payload: mark() } } });
  world.staged(fixture, {
    tag,
    image: id,
    entry: entry.join(' ') || 'none',
    user: config.User || 'root',
    volumes: volumes.map((one) => one.path).join(' ') || 'none',
  });
}

/** The ID of the image that the tag names now. */
export async function imageIdNow(world: Phase9World): Promise<Observation<string>> {
  const { tag } = world.get('overrideImage');
  const { cli } = world.own;
  const inspected = cli.run(['docker', 'image', 'inspect', '--format', '{{.Id}}', tag], {
    within: world.profile.bounds.command,
  });
  return (await cli.must(inspected)).map(({ stdout }) => textOf(stdout).trim());
}

export type StartsByName = ReadonlyMap<string, OverrideStart>;

/** The start of that name. @throws when there is none */
export function startNamed(starts: StartsByName, name: string): OverrideStart {
  const found = starts.get(name);
  if (!found) throw new Error(`no sandbox was started with the name ${name}`);
  return found;
}

/** As many containers start at a time as this machine has processors (four at most). */
export const lanes = (): number => Math.min(4, availableParallelism());

/** Starts a container for each request, side by side. */
export async function startConcurrently(world: Phase9World, requests: readonly StartRequest[]): Promise<StartsByName> {
  return new Map(await mapConcurrent(requests, lanes(), async (one) => [one.name, await start(world, one)] as const));
}

/** Name of the container of a start. */
export function containerOf(world: Phase9World, name: string): string {
  return `${world.own.isolation.token}-override-${name}`;
}

/** What is read of a start, after its end. */
function reading(world: Phase9World, container: string, within = world.profile.bounds.command): Reading {
  const { copies, marks } = world.get('overrideImage');
  return { container, wholeMark: marks.whole, payloadMark: marks.payload, directory: copies, within };
}

/** Labels by which the engine's owner finds out whose a container is. */
function labelsOf(world: Phase9World): readonly string[] {
  return [`--label=phase9.scenario=${world.own.isolation.token}`, `--label=phase9.fixture=${fixture}`];
}

const mounted = (mounts: readonly Mount[]) => mounts.map((one) => `--volume=${one.name}:${one.path}`);

/**
 * Starts one container through the image's own entry point, as the image's user, with the engine's default
 * capabilities.
 */
export async function start(world: Phase9World, request: StartRequest): Promise<OverrideStart> {
  const { name, overrides, command = [], mounts = [], within } = request;
  const { tag, id, entry, volumes, marks } = world.get('overrideImage');
  const container = containerOf(world, name);
  const settings = Object.entries(overrides).map(([variable, value]) => `--env=${variable}=${value}`);
  const argv = [
    ...['--name', container, ...labelsOf(world), '--pull=never', '--network=none'],
    ...[...mounted([...volumes, ...mounts]), ...settings],
    ...['--entrypoint', 'python3', id, '-IS', '-c', readFileSync(lastOut, 'utf8'), marks.whole],
    ...[...entry, 'sh', '-c', readFileSync(payload, 'utf8'), 'payload', marks.payload, ...command],
  ];
  const shown = ['--name', container, ...settings.map((one) => JSON.stringify(one))].join(' ');
  const what = [...entry, path.basename(payload), ...command.map((one) => one.split('\n')[0])].join(' ');
  return startAndRead(
    world.own.cli,
    ['docker', 'run', ...argv],
    `docker run ${shown} ${tag}: ${what} (under ${path.basename(lastOut)})`,
    reading(world, container, within),
  );
}

const again = (container: string): [string, ...string[]] => ['docker', 'start', '--attach', container];

/** Starts a container again that has ended: with its own overrides, and with the files that it left. */
export async function startAgain(world: Phase9World, name: string): Promise<OverrideStart> {
  const container = containerOf(world, name);
  const argv = again(container);
  const start = await startAndRead(world.own.cli, argv, argv.join(' '), reading(world, container));
  return { ...start, name: `${container}, started again` };
}

/** The same for a container whose files are not read: the engine follows links in it, even to where nothing is mounted. */
export async function startAgainUnread(world: Phase9World, name: string): Promise<StartOutcome> {
  const container = containerOf(world, name);
  const argv = again(container);
  const start = await startAndListen(world.own.cli, argv, argv.join(' '), reading(world, container));
  return { ...start, name: `${container}, started again` };
}

/** Runs a script as root in a container of the image, without its entry point. @returns what it printed */
export async function runAsRoot(
  world: Phase9World,
  { name, script, mounts }: { readonly name: string; readonly script: string; readonly mounts: readonly Mount[] },
): Promise<Observation<string>> {
  const { id } = world.get('overrideImage');
  const { cli } = world.own;
  const argv: [string, ...string[]] = [
    ...(['docker', 'run', '--rm', '--name', containerOf(world, name), ...labelsOf(world)] as const),
    ...['--pull=never', '--network=none', '--user=0', ...mounted(mounts), '--entrypoint=sh', id, '-c', script],
  ];
  const { command } = world.profile.bounds;
  const call = cli.run(argv, { within: command, boundary: 'sandbox' }, `a container of the image, as root: ${name}`);
  return (await cli.must(call)).map(({ stdout }) => textOf(stdout));
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { agentFile } from '../sut/agent-files';
import { engine, volumeThere } from '../sut/engine';
import { textOf } from '../sut/host-cli';
import { mapConcurrent } from '../sut/map-concurrent';
import { type OverrideStart, startAndRead } from '../sut/runtime-overrides';
import { sutTime } from '../sut/sut-time';
import type { Phase9World } from '../world/world';
import { registerEngine } from './engine-use';
import { buildImage } from './image-build';
import {
  acceptedCases,
  allTogether,
  type OverrideCase,
  type Overrides,
  type TableRow,
  wrongCases,
} from './runtime-overrides-cases';

declare module '../world/scenario-state' {
  interface ScenarioState {
    overrideImage: OverrideImage;
    /** Starts of that image, in their order; the first and the last one are without overrides. */
    firstStart: OverrideStart;
    acceptedStarts: readonly StartedCase[];
    startWithAll: OverrideStart;
    wrongStarts: readonly StartedCase[];
    lastStart: OverrideStart;
  }
}

const fixture = 'runtime-override';
const directory = inRepository('fixtures/runtime-overrides');
const lastOut = path.join(directory, 'last-out.py');
const payload = path.join(directory, 'payload.sh');

/** The sandbox image that is started with overrides. */
export interface OverrideImage {
  readonly tag: string;
  readonly id: string;
  readonly entry: readonly string[];
  /** The volumes that the image declares. Every start gets the same ones, as for an operator who keeps a volume. */
  readonly volumes: readonly { readonly name: string; readonly path: string }[];
  /** Directory for copies of files from the containers. */
  readonly copies: string;
  /** Random, so that no other program prints them. */
  readonly marks: { readonly whole: string; readonly payload: string };
}

/** One start with overrides, and what it is about. */
export interface StartedCase extends OverrideCase {
  readonly start: OverrideStart;
}

/** One start to make: its name within the scenario, its overrides, and a command of the agent for it to run. */
interface StartRequest {
  readonly name: string;
  readonly overrides: Overrides;
  readonly command?: readonly string[];
}

/**
 * Builds the sandbox image and its base from the SUT's own tree, and registers for restore what its starts will make.
 */
export async function stageOverrideImage(world: Phase9World): Promise<void> {
  const { own, profile } = world;
  const { token } = own.isolation;
  const repository = `phase9/${token}`;
  const base = `${repository}/override-base:fixture`;
  const tag = `${repository}/override:fixture`;
  await registerEngine(world);
  const { dockerfile, baseArgument, buildArguments } = profile.sandboxImage.openclaw;
  await buildImage(world, { tag: base, dockerfile: agentFile(own.tree, 'openclaw', 'baseDockerfile') });
  await buildImage(world, { tag, dockerfile, values: { ...buildArguments, [baseArgument]: base } });
  const { Id: id, Config: config } = await sutTime.of(() => engine().getImage(tag).inspect());
  const entry = typeof config.Entrypoint === 'string' ? [config.Entrypoint] : (config.Entrypoint ?? []);
  const volumes = Object.keys(config.Volumes ?? {}).map((at, index) => ({
    name: `${token}-override-${index}`,
    path: at,
  }));
  for (const { name } of volumes) {
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

/** Starts the image without overrides, before all other starts. */
export async function startFirst(world: Phase9World): Promise<void> {
  world.set({ firstStart: await start(world, { name: 'first', overrides: {} }) });
}

/** Starts the image without overrides, after all other starts. */
export async function startLast(world: Phase9World): Promise<void> {
  world.set({ lastStart: await start(world, { name: 'last', overrides: {} }) });
}

/**
 * Starts the image for each row of a table of accepted values, and once with all of them, where OpenClaw validates the
 * result.
 */
export async function startWithAccepted(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  const cases = acceptedCases(rows);
  const all = { name: 'all', overrides: allTogether(cases), command: ['openclaw', 'config', 'validate'] };
  const starts = await startConcurrently(world, [...cases, all]);
  world.set({ acceptedStarts: startedCases(cases, starts), startWithAll: startNamed(starts, all.name) });
}

/** Starts the image for each wrong value of a table. */
export async function startWithWrong(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  const cases = wrongCases(rows, world.get('acceptedStarts'));
  world.set({ wrongStarts: startedCases(cases, await startConcurrently(world, cases)) });
}

type StartsByName = ReadonlyMap<string, OverrideStart>;

function startNamed(starts: StartsByName, name: string): OverrideStart {
  const found = starts.get(name);
  if (!found) throw new Error(`no sandbox was started with the name ${name}`);
  return found;
}

function startedCases(cases: readonly OverrideCase[], starts: StartsByName): StartedCase[] {
  return cases.map((one) => ({ ...one, start: startNamed(starts, one.name) }));
}

/** Starts a container for each request, as many at a time as this machine has processors (four at most). */
async function startConcurrently(world: Phase9World, requests: readonly StartRequest[]): Promise<StartsByName> {
  const lanes = Math.min(4, availableParallelism());
  return new Map(await mapConcurrent(requests, lanes, async (one) => [one.name, await start(world, one)] as const));
}

/**
 * Starts one container through the image's own entry point, as the image's user, with the engine's default
 * capabilities.
 */
async function start(world: Phase9World, { name, overrides, command = [] }: StartRequest): Promise<OverrideStart> {
  const { token } = world.own.isolation;
  const { tag, id, entry, volumes, copies, marks } = world.get('overrideImage');
  const container = `${token}-override-${name}`;
  const settings = Object.entries(overrides).map(([variable, value]) => `--env=${variable}=${value}`);
  const mounts = volumes.map((one) => `--volume=${one.name}:${one.path}`);
  const labels = [`--label=phase9.scenario=${token}`, `--label=phase9.fixture=${fixture}`];
  const argv = [
    ...['--name', container, ...labels, '--pull=never', '--network=none', ...mounts, ...settings],
    ...['--entrypoint', 'python3', id, '-IS', '-c', readFileSync(lastOut, 'utf8'), marks.whole],
    ...[...entry, 'sh', '-c', readFileSync(payload, 'utf8'), 'payload', marks.payload, ...command],
  ];
  const shown = ['--name', container, ...settings.map((one) => JSON.stringify(one))].join(' ');
  return startAndRead(
    world.own.cli,
    ['docker', 'run', ...argv],
    `docker run ${shown} ${tag}: ${[...entry, path.basename(payload), ...command].join(' ')} (under ${path.basename(lastOut)})`,
    {
      container,
      wholeMark: marks.whole,
      payloadMark: marks.payload,
      directory: copies,
      within: world.profile.bounds.command,
    },
  );
}

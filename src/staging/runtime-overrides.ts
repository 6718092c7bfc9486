import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { agentFacts } from '../sut/agents';
import { engine, volumeThere } from '../sut/engine';
import { textOf } from '../sut/host-cli';
import { mapConcurrent } from '../sut/map-concurrent';
import { type OverrideStart, startAndRead } from '../sut/runtime-overrides';
import { sutTime } from '../sut/sut-time';
import type { Phase9World } from '../world/world';
import { owesEngine } from './engine-use';
import { buildImage } from './image-build';
import { acceptedCases, type Overrides, type WrongCase, wrongKinds, wrongValues } from './runtime-overrides-cases';

declare module '../world/scenario-state' {
  interface ScenarioState {
    overrideImage: OverrideImage;
    /** Starts of that image, in their order: without overrides, with overrides by the case's name, and without them once more. */
    firstStart: OverrideStart;
    acceptedStarts: ReadonlyMap<string, OverrideStart>;
    wrongStarts: ReadonlyMap<string, OverrideStart>;
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
  /** What the image declares to be a volume: every start gets the same one, as who keeps a volume does it. */
  readonly volumes: readonly { readonly name: string; readonly path: string }[];
  /** Where copies of files out of the containers go. */
  readonly copies: string;
  /** Nobody else can print these. */
  readonly marks: { readonly whole: string; readonly payload: string };
}

/** One start: its name among the scenario's, what it is given, and the agent's command it is asked to run. */
interface StartRequest {
  readonly name: string;
  readonly overrides: Overrides;
  readonly command?: readonly string[];
}

/** Builds the sandbox image from the SUT's own tree, base and all, and owes what its starts will make. */
export async function stageOverrideImage(world: Phase9World): Promise<void> {
  const { own, profile } = world;
  const { token } = own.isolation;
  const repository = `phase9/${token}`;
  const base = `${repository}/override-base:fixture`;
  const tag = `${repository}/override:fixture`;
  await owesEngine(world);
  const { dockerfile, baseArgument, buildArguments } = profile.sandboxImage.openclaw;
  await buildImage(world, { tag: base, dockerfile: agentFacts.openclaw.baseDockerfile });
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
  // After the volumes, so that they are gone before these: a volume in use stays.
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

/** The ID that the image's tag points at now. */
export async function imageIdNow(world: Phase9World): Promise<Observation<string>> {
  const { tag } = world.get('overrideImage');
  const { cli } = world.own;
  const inspected = cli.run(['docker', 'image', 'inspect', '--format', '{{.Id}}', tag], {
    within: world.profile.bounds.command,
  });
  return (await cli.must(inspected)).map(({ stdout }) => textOf(stdout).trim());
}

/** A start whose environment holds no override. */
export function startWithNone(world: Phase9World, name: string): Promise<OverrideStart> {
  return start(world, { name, overrides: {} });
}

/** One start for each case of overrides that are accepted; the one with all of them also asks OpenClaw what it thinks of the result. */
export function startWithAccepted(world: Phase9World): Promise<ReadonlyMap<string, OverrideStart>> {
  const requests = Object.entries(acceptedCases).map(([name, overrides]) => ({
    name,
    overrides,
    ...(name === 'allFive' ? { command: ['openclaw', 'config', 'validate'] } : {}),
  }));
  return startSideBySide(world, requests);
}

/** The name of the start with the wrong value of that kind and index. */
export function wrongStartName(kind: WrongCase, index: number): string {
  return `wrong-${kind}-${index}`;
}

/** One start for each wrong value. */
export function startWithWrong(world: Phase9World): Promise<ReadonlyMap<string, OverrideStart>> {
  const requests = wrongKinds.flatMap((kind) =>
    wrongValues[kind].map(({ variable, value, beside }, index) => ({
      name: wrongStartName(kind, index),
      overrides: { ...beside, [variable]: value },
    })),
  );
  return startSideBySide(world, requests);
}

/** Starts a container for each request, as many at a time as this machine has processors (four at most). */
async function startSideBySide(
  world: Phase9World,
  requests: readonly StartRequest[],
): Promise<ReadonlyMap<string, OverrideStart>> {
  const lanes = Math.min(4, availableParallelism());
  const starts = await mapConcurrent(requests, lanes, (request) => start(world, request));
  return new Map(requests.map(({ name }, index) => [name, starts[index] as OverrideStart]));
}

/** One container, through the image's own entry point, as the image's user, with the engine's default capabilities. */
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

import { randomBytes } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { agentFile } from '../sut/agent-files';
import { engine } from '../sut/engine';
import { HermesContainer } from '../sut/hermes-root-entrypoint';
import { sutTime } from '../sut/sut-time';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { registerEngine } from './engine-use';
import { type HermesLayout, proveLayout } from './hermes-root-entrypoint-layout';
import { buildImage } from './image-build';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The container of a Hermes image that runs its own entry point. */
    hermes: HermesContainer;
    /** Its entry point. */
    hermesEntry: readonly string[];
    victim: Victim;
  }
}

const fixture = 'hermes-root-entrypoint';
const oldLayout = inRepository('fixtures/hermes-root-entrypoint');

/** A file of root outside the state directory, which a planted link points at. */
export interface Victim {
  readonly path: string;
  readonly bytes: Buffer;
}

/** The argument by which the entry point starts the gateway, and no other command (observed, “Command passing”). */
export const START = 'nemoclaw-start';

type Part = 'base' | 'built' | 'old-layout';

function tagOf(world: Phase9World, part: Part): string {
  return `phase9/${world.own.isolation.token}/hermes-${part}:fixture`;
}

/** Builds the Hermes sandbox image from the SUT's own tree, base and all. */
export async function buildHermesImage(world: Phase9World): Promise<void> {
  const { dockerfile, baseArgument } = world.profile.sandboxImage.hermes;
  await registerEngine(world);
  await buildImage(world, {
    tag: tagOf(world, 'base'),
    dockerfile: agentFile(world.own.tree, 'hermes', 'baseDockerfile'),
  });
  const values = { [baseArgument]: tagOf(world, 'base') };
  await buildImage(world, { tag: tagOf(world, 'built'), dockerfile, values });
}

/** Creates a container of the image as it was built. */
export async function stageCleanContainer(world: Phase9World): Promise<void> {
  await createContainer(world, 'built', { name: 'clean' });
}

/** Creates a container with the files that an older release left behind. */
export async function stageOldContainer(world: Phase9World): Promise<void> {
  await stageOldLayout(world, 'runtime/gateway.pid');
}

/** Creates the same container, except that its PID file links to a file of root. */
export async function stagePlantedLink(world: Phase9World): Promise<void> {
  const victim: Victim = { path: '/etc/phase9/owned-by-root', bytes: randomBytes(64) };
  await stageOldLayout(world, victim.path, victim);
  world.set({ victim });
}

async function stageOldLayout(world: Phase9World, pidFileLinksTo: string, victim?: Victim): Promise<void> {
  const context = path.join(world.own.directory, 'hermes-layout');
  cpSync(oldLayout, context, { recursive: true });
  if (victim) writeFileSync(path.join(context, 'victim'), victim.bytes, { mode: 0o600 });
  const values = { IMAGE: tagOf(world, 'built'), PID_FILE_LINKS_TO: pidFileLinksTo };
  await buildImage(world, { tag: tagOf(world, 'old-layout'), dockerfile: 'Dockerfile', context, values });
  await createContainer(world, 'old-layout', { name: 'legacy', pidFileLinksTo });
}

/** Creates the container without starting it, with the engine's default capabilities and without a network. */
async function createContainer(world: Phase9World, part: Part, layout: HermesLayout): Promise<void> {
  const { cli, isolation, obligations, directory } = world.own;
  const { bounds } = world.profile;
  const name = `${isolation.token}-hermes-root`;
  const image = tagOf(world, part);
  const labels = [`--label=phase9.scenario=${isolation.token}`, `--label=phase9.fixture=${fixture}`];
  await obligations.register({ kind: 'containers', prefix: name }, fixture, async () => {
    const call = cli.run(
      ['docker', 'create', '--name', name, ...labels, '--pull=never', '--network=none', image, START],
      { within: bounds.command },
    );
    await cli.must(call);
    return `${name} of ${image}`;
  });
  const { Image: id, Config: config } = await sutTime.of(() => engine().getContainer(name).inspect());
  const entry = [config.Entrypoint ?? []].flat();
  if (entry.length === 0) throw new Error(`${image} has no entry point: nothing would start Hermes`);
  const seen = await proveLayout(name, layout);
  const hermes = new HermesContainer(cli, name, path.join(directory, 'hermes-copies'), bounds.inside);
  world.set({ hermes, hermesEntry: entry });
  world.staged(fixture, {
    image: id,
    entry: [...entry, START].join(' '),
    user: config.User || 'root',
    layout: layout.name,
    ...seen,
  });
}

/**
 * Starts the container and waits until Hermes is healthy, the container ends or the bound is reached. Assertions judge
 * which of the three happened.
 */
export async function startHermes(world: Phase9World): Promise<void> {
  const hermes = world.get('hermes');
  const { command, sandboxReady } = world.profile.bounds;
  await world.own.cli.must(world.own.cli.run(['docker', 'start', hermes.name], { within: command }));
  await until(
    `Hermes in ${hermes.name} to be healthy or to end`,
    async () => (await hermes.health()).peek().status === 200 || !(await hermes.runs()).peek(),
    { within: sandboxReady, every: 200, orElse: 'give-up' },
  );
}

import { buildBase, obtainSystem } from './base';
import { makeClusterPackages } from './cluster';
import {
  AGENT_IMAGES,
  type AgentImage,
  CLUSTER_PACKAGES,
  digestsOn,
  INPUTS_LABEL,
  type InputDigests,
  SUPPLIED_IMAGES,
  type SuppliedImage,
  SYSTEM_IMAGE,
} from './definitions';
import type { Engine, LocalImage } from './engine';
import { buildHermes, makeEnvironments } from './hermes';
import { buildNode, buildOpenClaw, installNode, installOpenClaw } from './openclaw';
import { type Report, step } from './progress';

/** The state of one image: `fresh` when it was made from the present inputs. */
export interface ImageState {
  readonly definition: SuppliedImage;
  readonly local: LocalImage | undefined;
  readonly fresh: boolean;
}

/**
 * Compares the images here with their definitions, in one or two calls to the engine.
 * @param given value of PHASE9_BASE_IMAGE, '' when unset.
 */
export async function imageStates(engine: Engine, given: string): Promise<ImageState[]> {
  const names = SUPPLIED_IMAGES.map(({ image }) => image);
  const present = await engine.inspect([SYSTEM_IMAGE, ...names]);
  const system = given === '' ? present.get(SYSTEM_IMAGE) : (await engine.inspect([given])).get(given);
  const digests = system === undefined ? undefined : digestsOn(system.id);
  return SUPPLIED_IMAGES.map((definition) => {
    const local = present.get(definition.image);
    const wanted = definition === CLUSTER_PACKAGES ? digests?.clusterPackages : digests?.agents.get(definition.image);
    return { definition, local, fresh: wanted !== undefined && local?.labels[INPUTS_LABEL] === wanted };
  });
}

/** Makes the images that are missing or out of date. npm's, PyPI's and Debian's parts run side by side. */
export async function makeImages(engine: Engine, report: Report, work: string, given: string): Promise<void> {
  const states = await imageStates(engine, given);
  for (const { definition, fresh } of states) {
    const { agent, image } = definition;
    if (fresh) report({ step: agent, state: 'reused', text: `${image} is there`, image });
  }
  const stale = states.filter(({ fresh }) => !fresh).map(({ definition }) => definition);
  if (stale.length === 0) return;

  const missing = AGENT_IMAGES.filter((definition) => stale.includes(definition));
  const openclaw = missing.filter(({ agent }) => agent === 'openclaw');
  const hermes = missing.filter(({ agent }) => agent === 'hermes');
  const base = makeBase(engine, report, work, given);
  await engine.together([
    base,
    openclaw.length === 0 ? undefined : openclawImages(engine, report, openclaw, base, work),
    hermes.length === 0 ? undefined : hermesImages(engine, report, hermes, base, work),
    stale.includes(CLUSTER_PACKAGES)
      ? base.then(({ clusterPackages }) => makeClusterPackages(engine, report, work, clusterPackages))
      : undefined,
  ]);
}

async function makeBase(engine: Engine, report: Report, work: string, given: string): Promise<InputDigests> {
  const system = await obtainSystem(engine, report, work, given);
  const digests = digestsOn(system.id);
  await buildBase(engine, report, work, system, digests.base);
  return digests;
}

/** npm's part needs no base: it runs on this machine while the base is made. */
async function openclawImages(
  engine: Engine,
  report: Report,
  definitions: readonly AgentImage[],
  base: Promise<InputDigests>,
  work: string,
): Promise<void> {
  const architecture = await engine.architecture();
  const node = await step(report, 'openclaw', 'installing Node for the images from the npm registry', () =>
    installNode(architecture, work, engine.signal),
  );
  const directories = new Map<AgentImage, string>();
  for (const definition of definitions) {
    const text = `installing OpenClaw ${definition.version} from the npm registry`;
    const install = (): Promise<string> => installOpenClaw(definition.version, work, engine.signal);
    directories.set(definition, await step(report, 'openclaw', text, install));
  }
  const digests = await base;
  await step(report, 'openclaw', 'building the layer with Node', () => buildNode(engine, node, digests.node));
  for (const [definition, directory] of directories) {
    await finish(engine, report, definition, (inputs) => buildOpenClaw(engine, directory, inputs), digests);
  }
}

async function hermesImages(
  engine: Engine,
  report: Report,
  definitions: readonly AgentImage[],
  base: Promise<InputDigests>,
  work: string,
): Promise<void> {
  const digests = await base;
  const versions = definitions.map(({ version }) => version);
  const contexts = await makeEnvironments(engine, report, versions, work);
  for (const definition of definitions) {
    const context = contexts.get(definition.version);
    if (context === undefined) throw new Error(`no environment was made for Hermes ${definition.version}`);
    await finish(engine, report, definition, (inputs) => buildHermes(engine, context, inputs), digests);
  }
}

/** Builds an image, runs the agent's own `--version` in it, and only then gives it its name. */
async function finish(
  engine: Engine,
  report: Report,
  definition: AgentImage,
  build: (inputs: string) => Promise<string>,
  digests: InputDigests,
): Promise<void> {
  const { agent, image, shows } = definition;
  const inputs = digests.agents.get(image);
  if (inputs === undefined) throw new Error(`no input digest for ${image}`);
  await step(report, agent, `building ${image}`, async () => {
    const id = await build(inputs);
    const run = ['run', '--rm', '--network', 'none', '--user', 'sandbox', '--env', 'HOME=/sandbox', id];
    const { stdout } = await engine.docker([...run, agent, '--version'], { within: 60_000 });
    const first = stdout.split('\n')[0] ?? '';
    if (!first.includes(shows)) {
      await engine.docker(['image', 'rm', id]);
      throw new Error(`${agent} --version in the image built for ${image} shows "${first}", not "${shows}"`);
    }
    await engine.rename(id, image);
    report({ step: agent, state: 'progress', text: `${image} holds ${first}`, image, id });
  });
}

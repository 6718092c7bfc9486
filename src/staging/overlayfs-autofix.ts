import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { CommandResult } from '../sut/command';
import type { ImageSeen } from '../sut/private-engine';
import type { ContainerGateway } from '../sut/profile';
import type { Phase9World } from '../world/world';
import { buildImage } from './image-build';
import { stageInstallerRefs } from './installer-refs';
import { prepareInstance } from './onboarding';
import { loadImages, stagePrivateEngine, switchToContainerd } from './private-engine';

declare module '../world/scenario-state' {
  interface ScenarioState {
    containerGateway: ContainerGateway;
    /** What a release whose gateway is a container reads when it onboards. */
    ownerEnvironment: Readonly<Record<string, string>>;
    /** The patched images before an onboarding was repeated, and when that began. */
    patchedBefore: PatchedImages;
  }
}


/** The patched images of an engine at one time, with what a later look is compared with. */
export interface PatchedImages {
  readonly tags: readonly string[];
  readonly image: ImageSeen;
  /** UTC, ISO 8601. */
  readonly at: string;
}

const template = inRepository('fixtures/private-engine/sandbox.Dockerfile');

/** An engine of the scenario's own, whose storage is in the way of a cluster. */
export async function stageEngineInTheWay(world: Phase9World): Promise<void> {
  const { containerGateway, name } = world.profile;
  if (containerGateway === null) {
    const notApplicable = `the SUT of the profile ${name} starts its gateway on the host, never in a container`;
    return world.set({ notApplicable });
  }
  world.set({ containerGateway });
  const engine = await stagePrivateEngine(world);
  if (engine) await switchToContainerd(world, engine);
}

/**
 * Checks out the release whose gateway is a container, installs its OpenShell, and puts the images into the private engine
 * that onboarding finds nowhere else: there is no network. From here on all that the SUT does meets that engine.
 */
export async function stageRelease(world: Phase9World): Promise<void> {
  const gateway = world.get('containerGateway');
  const { cli, directory, environment } = world.own;
  const { command } = world.profile.bounds;
  await stageInstallerRefs(world);
  const tree = path.join(directory, 'release');
  const { repository } = world.profile.upgrade;
  const clone = ['git', 'clone', '--quiet', '--depth', '1', '--branch', gateway.release.ref, repository, tree] as const;
  await cli.must(cli.run([...clone], { within: command }));
  environment.PATH = [path.join(tree, gateway.programs), environment.PATH].join(path.delimiter);
  await cli.must(cli.run(['bash', path.join(tree, gateway.openshellInstaller)], { within: command }));
  const sandboxImage = await buildSandboxImage(world, gateway, tree);
  const engine = world.get('privateEngine');
  await loadImages(world, engine, gateway.clusterImage, [sandboxImage]);
  const onboarding = await prepareInstance(world, INSTANCE, 'box');
  environment.DOCKER_HOST = engine.address;
  world.set({ ownerEnvironment: onboarding });
}

/** The row is about an engine's storage; any instance will do, and no manifest is needed. */
const INSTANCE: Parameters<typeof prepareInstance>[1] = {
  agent: 'openclaw',
  messaging: [],
  features: { model: 'phase9/overlayfs', policyPresets: [] },
};

/** Builds what a sandbox of the release is made from: on the user's engine, where a build's step takes no seconds. */
async function buildSandboxImage(world: Phase9World, gateway: ContainerGateway, tree: string): Promise<string> {
  const { isolation } = world.own;
  const base = isolation.baseImage;
  const image = `phase9/${isolation.token}/sandbox:release`;
  await buildImage(world, { tag: base, dockerfile: gateway.baseDockerfile, context: tree });
  await buildImage(world, {
    tag: image,
    dockerfile: gateway.sandboxDockerfile,
    context: tree,
    values: { BASE_IMAGE: base },
  });
  const context = path.join(world.own.directory, 'sandbox');
  mkdirSync(context);
  writeFileSync(path.join(context, 'Dockerfile'), readFileSync(template, 'utf8').replaceAll('{sandbox-image}', image));
  return image;
}

/** Onboards as the owner does, with what else the owner sets. */
export function onboardOnPrivateEngine(
  world: Phase9World,
  settings: Readonly<Record<string, string>> = {},
): Promise<Observation<CommandResult>> {
  const { cli, directory } = world.own;
  const from = path.join(directory, 'sandbox/Dockerfile');
  const flags = ['--non-interactive', '--yes-i-accept-third-party-software', '--agent', 'openclaw', '--from', from];
  const env = { ...world.get('ownerEnvironment'), ...settings };
  return cli.nemoclaw(['onboard', ...flags], { within: world.profile.bounds.onboard, env });
}

/** Removes the sandbox and the gateway: what onboards next has only the engine's images from before. */
export async function removeInstance(world: Phase9World): Promise<void> {
  const { cli } = world.own;
  const args = [world.get('sandbox'), 'destroy', '--yes', '--cleanup-gateway'];
  await cli.must(cli.nemoclaw(args, { within: world.profile.bounds.sandboxReady }));
}

/** The patched images as they are now. @throws when there is none to compare a later look with. */
export async function patchedImages(world: Phase9World): Promise<PatchedImages> {
  const engine = world.get('privateEngine');
  const tags = (await engine.tagsOf(world.get('containerGateway').patchedRepository)).peek();
  const [tag] = tags;
  if (tag === undefined)
    throw new Error('the first onboarding left no patched image, so there is nothing to use again');
  const image = { ...(await engine.image(tag)).peek(), history: (await engine.history(tag)).peek() };
  return { tags, image, at: new Date().toISOString() };
}

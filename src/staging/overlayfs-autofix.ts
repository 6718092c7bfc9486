import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import type { ImageSeen } from '../sut/private-engine';
import type { ContainerGateway } from '../sut/profile';
import type { Phase9World } from '../world/world';
import { buildImage } from './image-build';
import { stageInstallerRefs } from './installer-refs';
import { prepareInstance } from './onboarding';
import { stageOperatorsDocker } from './overlayfs-autofix-docker';
import { loadImages, stagePrivateEngine, switchToContainerd } from './private-engine';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Environment of the owner's onboarding on the private engine. */
    ownerEnvironment: Readonly<Record<string, string>>;
    /** The patched images before an onboarding was repeated, and when that began. */
    patchedBefore: PatchedImages;
  }
}

/** The patched images of an engine at one time, for comparison with a later look. */
export interface PatchedImages {
  readonly tags: readonly string[];
  readonly image: ImageSeen;
  /** UTC, ISO 8601. */
  readonly at: string;
}

const template = inRepository('fixtures/private-engine/sandbox.Dockerfile');

/** The release of the profile whose gateway runs in a container. @throws when the profile has none */
export function containerGatewayOf({ profile }: Phase9World): ContainerGateway {
  if (profile.containerGateway === null) throw new Error(`the profile ${profile.name} has no gateway in a container`);
  return profile.containerGateway;
}

/** Name of the gateway's container on the private engine. */
export function gatewayContainerOf(world: Phase9World): string {
  return containerGatewayOf(world).containerOf(world.own.isolation);
}

/**
 * Starts an engine for the scenario alone, whose storage conflicts with a cluster in a container.
 * @throws MissingCapability when this host cannot run one.
 */
export async function stageEngineWithConflict(world: Phase9World): Promise<void> {
  await switchToContainerd(world, await stagePrivateEngine(world));
}

/**
 * Checks out the release whose gateway is a container, installs its OpenShell, and loads the images into the private
 * engine that onboarding cannot pull without a network. From here on every command of the SUT uses that engine.
 */
export async function stageRelease(world: Phase9World): Promise<void> {
  const gateway = containerGatewayOf(world);
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
  stageOperatorsDocker(world, gateway.patchedRepository);
  world.set({ ownerEnvironment: onboarding });
}

/** The row is about an engine's storage: any instance is good enough, and no manifest is needed. */
const INSTANCE: Parameters<typeof prepareInstance>[1] = {
  agent: 'openclaw',
  messaging: [],
  features: { model: 'phase9/overlayfs', policyPresets: [] },
};

/**
 * Builds the image that a sandbox of the release is made from: on the user's engine, where each build step takes less
 * than a second. @returns the image's name
 */
async function buildSandboxImage(world: Phase9World, gateway: ContainerGateway, tree: string): Promise<string> {
  const { isolation } = world.own;
  const base = isolation.baseImages.openclaw;
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

/** Onboards as the owner does, and keeps the outcome. @param settings variables that the owner sets besides */
export async function onboardOnPrivateEngine(
  world: Phase9World,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  world.set({ outcome: await runOnPrivateEngine(world, settings) });
}

/** Runs an onboarding on the private engine. @param settings variables that the owner sets besides */
export function runOnPrivateEngine(world: Phase9World, settings: Readonly<Record<string, string>> = {}) {
  const { cli, directory } = world.own;
  const from = path.join(directory, 'sandbox/Dockerfile');
  const flags = ['--non-interactive', '--yes-i-accept-third-party-software', '--agent', 'openclaw', '--from', from];
  const env = { ...world.get('ownerEnvironment'), ...settings };
  return cli.nemoclaw(['onboard', ...flags], { within: world.profile.bounds.onboard, env });
}

/**
 * Onboards once more after sandbox and gateway are removed: only the engine's images are left of the first onboarding.
 */
export async function onboardAgain(world: Phase9World): Promise<void> {
  world.set({ patchedBefore: await patchedImages(world) });
  await removeInstance(world);
  await onboardOnPrivateEngine(world);
}

export function onboardWithoutFix(world: Phase9World): Promise<void> {
  return onboardOnPrivateEngine(world, { NEMOCLAW_DISABLE_OVERLAY_FIX: '1' });
}

/** Onboards with the native snapshotter, where the onboarding before should have left no gateway. */
export async function onboardWithNativeSnapshotter(world: Phase9World): Promise<void> {
  // An onboarding that finds a running gateway uses it as it is, and never reads the choice of a snapshotter.
  if (world.get('outcome').peek().exit === 0) await removeInstance(world);
  await onboardOnPrivateEngine(world, { NEMOCLAW_OVERLAY_SNAPSHOTTER: 'native' });
}

/** Removes the registered sandboxes and the gateway, as far as there are any; the engine keeps its images. */
export async function removeInstance(world: Phase9World): Promise<void> {
  const { cli, durable, isolation } = world.own;
  const { bounds } = world.profile;
  const registered = existsSync(durable.registryPath) ? Object.keys(durable.registry().peek().sandboxes) : [];
  for (const name of registered) {
    const args = [name, 'destroy', '--yes', '--cleanup-gateway'];
    await cli.must(cli.nemoclaw(args, { within: bounds.sandboxReady }));
  }
  if (registered.length > 0) return;
  await cli.openshell(['gateway', 'destroy', '-g', world.profile.gatewayName(isolation)], { within: bounds.command });
}

/** The patched images as they are now. @throws when there is none to compare a later look with. */
export async function patchedImages(world: Phase9World): Promise<PatchedImages> {
  const engine = world.get('privateEngine');
  const tags = (await engine.tagsOf(containerGatewayOf(world).patchedRepository)).peek();
  const [tag] = tags;
  if (tag === undefined) throw new Error('the first onboarding left no patched image: there is nothing to reuse');
  const image = { ...(await engine.image(tag)).peek(), history: (await engine.history(tag)).peek() };
  return { tags, image, at: new Date().toISOString() };
}

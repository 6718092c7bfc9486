import type { AssertionContext } from '../evidence/assertion';
import { containerGatewayOf, gatewayContainerOf } from '../staging/overlayfs-autofix';
import type { Phase9World } from '../world/world';
import { printed, refuses, succeeds } from './command';
import { ready } from './sandbox';

/** The lines by which a program reports a refused nested overlay filesystem (contract, “Overlayfs autofix”). */
const REFUSAL = /overlayfs\W.*snapshotter cannot be enabled|failed to mount overlay|CreateDiff: Canceled/;
/** EINVAL, as programs spell it: the kernel refuses the kind of filesystem, not the permission to mount one. */
const INVALID = /invalid argument|wrong fs type/i;

/** The engine stores images and containers by containerd's snapshotter, on overlay filesystems. */
export async function conflictIsActive(a: AssertionContext, world: Phase9World): Promise<void> {
  const { driver, type } = a.see(await world.get('privateEngine').storage());
  a.equals('Driver', driver, 'overlayfs');
  a.equals('driver-type in DriverStatus', type, 'io.containerd.snapshotter.v1');
}

/** An overlay mount fails where the cluster would make one, and only there: on a volume the same rights suffice. */
export async function nestedOverlayIsRefused(a: AssertionContext, world: Phase9World): Promise<void> {
  const { clusterImage, clusterData } = containerGatewayOf(world);
  const tried = await world.get('privateEngine').tryOverlays(clusterImage, clusterData);
  const { onData, onVolume } = a.see(tried);
  a.differs(`exit status of an overlay mount in ${clusterData}`, onData.exit, 0);
  a.matches(`output of the mount in ${clusterData}`, onData.output, INVALID);
  a.equals('exit status of an overlay mount on a volume, with the same rights', onVolume.exit, 0);
}

/** The onboarding ended with 0; the gateway reports the release's version, and its sandbox is Ready. */
export async function onboardingSucceeds(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the onboarding');
  const { openshell } = containerGatewayOf(world).release;
  a.equals('version that the gateway reports', a.see(await world.own.gateway.version()), openshell);
  await ready(a, world);
}

/** The onboarding printed which conflict it detected. */
export function detectionIsReported(a: AssertionContext, world: Phase9World): void {
  const output = printed(a, world.get('outcome'));
  a.includes('output of the onboarding', output, 'Detected Docker 26+ containerd-snapshotter overlayfs');
}

/** Names of the engine's patched images. */
export async function patchedTags(a: AssertionContext, world: Phase9World): Promise<readonly string[]> {
  return a.see(await world.get('privateEngine').tagsOf(containerGatewayOf(world).patchedRepository));
}

/** The name of a patched image: version, snapshotter and eight hex digits. */
export function patchedName(world: Phase9World, snapshotter: 'fuse-overlayfs' | 'native'): RegExp {
  const { patchedRepository, release } = containerGatewayOf(world);
  return new RegExp(`^${patchedRepository}:${release.openshell.replaceAll('.', '\\.')}-${snapshotter}-[0-9a-f]{8}$`);
}

/** The engine has one patched image, named after the release and the default snapshotter. */
export async function oneFusePatchedImage(a: AssertionContext, world: Phase9World): Promise<void> {
  const tags = await patchedTags(a, world);
  a.equals('number of patched images', tags.length, 1);
  a.matches('names of the patched images', tags.join(', '), patchedName(world, 'fuse-overlayfs'));
}

/** The engine has no patched image. */
export async function noPatchedImage(a: AssertionContext, world: Phase9World): Promise<void> {
  a.isEmpty('patched images', await patchedTags(a, world));
}

/**
 * The gateway's container is made from a patched image that the engine has.
 * @returns the image's name, '' without one
 */
export async function runsFromPatchedImage(a: AssertionContext, world: Phase9World): Promise<string> {
  const image = a.see(await world.get('privateEngine').imageOfContainer(gatewayContainerOf(world))) ?? '';
  a.oneOf("image of the gateway's container", image || 'none', await patchedTags(a, world));
  return image;
}

/** The lines of a log by which it reports a refused overlay filesystem. */
function refusalsIn(log: string): string[] {
  return log.split('\n').filter((line) => REFUSAL.test(line));
}

/** The gateway's log reports no refusal, and its containers lie on a filesystem of fuse-overlayfs. */
export async function usesFuseOverlayfs(a: AssertionContext, world: Phase9World): Promise<void> {
  const engine = world.get('privateEngine');
  const gateway = gatewayContainerOf(world);
  const log = a.see(await engine.log(gateway));
  a.isNotEmpty("the gateway's log", log.trim());
  a.isEmpty('lines of a refused overlay filesystem', refusalsIn(log));
  a.includes("the gateway's command", a.see(await engine.commandOf(gateway)), '--snapshotter=fuse-overlayfs');
  a.includes('filesystems mounted in the gateway', a.see(await engine.mountsIn(gateway)), 'fuse.fuse-overlayfs');
}

/** The repeated onboarding ended with 0, and the engine's patched images have the names from before. */
export async function sameName(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the repeated onboarding');
  a.equals('patched images', await patchedTags(a, world), world.get('patchedBefore').tags);
}

/**
 * The patched image is the one from before: by its ID and history, by the engine's events, and by what the onboarding
 * printed.
 */
export async function sameImage(a: AssertionContext, world: Phase9World): Promise<void> {
  const engine = world.get('privateEngine');
  const { tags, image, at } = world.get('patchedBefore');
  const tag = tags[0] ?? '';
  const { id, created } = a.see(await engine.image(tag));
  a.equals('image ID', id, image.id);
  a.equals('Created', created, image.created);
  a.equals('build history', a.see(await engine.history(tag)), image.history);
  // By name: a new name for the patched image is a failure of the check of its name.
  const concerned = [tag, containerGatewayOf(world).clusterImage];
  const events = a.see(await engine.imageEvents(at)).filter((event) => concerned.some((one) => event.includes(one)));
  a.isEmpty('events of the patched image and of the image that it is built from', events);
  const lines = printed(a, world.get('outcome')).split('\n');
  const progress = lines.filter((line) => /\b(Building|Pulling)\b/.test(line) && line.includes(tag));
  a.isEmpty('lines of the onboarding about building or pulling it', progress);
}

/** The onboarding ended by itself, and not with 0. */
export function failsWithinTimeLimit(a: AssertionContext, world: Phase9World): void {
  refuses(a, world.get('outcome'), 'the onboarding');
}

/** The gateway's log or the onboarding names the refusal and its reason; a failure for another reason does not pass. */
export async function refusalIsTheReason(a: AssertionContext, world: Phase9World): Promise<void> {
  const log = a.see(await world.get('privateEngine').log(gatewayContainerOf(world)));
  const lines = refusalsIn(`${log}\n${printed(a, world.get('outcome'))}`);
  a.matches('lines of a refused overlay filesystem', lines.join('\n') || 'none', INVALID);
}

/**
 * The repeated onboarding ended with 0, and the gateway runs from a patched image whose only snapshotter is `native`.
 */
export async function runsFromNativeImage(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the onboarding');
  const image = await runsFromPatchedImage(a, world);
  a.matches('its name', image, patchedName(world, 'native'));
  const engine = world.get('privateEngine');
  const gateway = gatewayContainerOf(world);
  const named = a.see(await engine.commandOf(gateway)).filter((argument) => argument.startsWith('--snapshotter'));
  a.equals("snapshotters that the gateway's command names", named, ['--snapshotter=native']);
  const fuse = a.see(await engine.mountsIn(gateway)).filter((type) => type === 'fuse.fuse-overlayfs');
  a.isEmpty('filesystems of fuse-overlayfs mounted in the gateway', fuse);
}

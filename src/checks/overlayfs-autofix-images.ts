import type { AssertionContext } from '../evidence/assertion';
import { commandsOf, NEWER } from '../staging/overlayfs-autofix-images';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { expectation } from './expectation';
import { patchedName, patchedTags, runsFromPatchedImage, usesFuseOverlayfs } from './overlayfs-autofix';
import { ready } from './sandbox';

/** The patched images of one snapshotter. */
async function tagsWith(a: AssertionContext, world: Phase9World, snapshotter: 'fuse-overlayfs' | 'native') {
  const name = patchedName(world, snapshotter);
  return (await patchedTags(a, world)).filter((tag) => name.test(tag));
}

/** The patched images from before are there, and what they were. */
async function keepsEarlierImage(a: AssertionContext, world: Phase9World): Promise<void> {
  const { tags, image } = world.get('patchedBefore');
  a.hasAll('the patched images', await patchedTags(a, world), expectation('the earlier patched images', tags));
  const { id } = a.see(await world.get('privateEngine').image(tags[0] ?? ''));
  a.equals('ID of the earlier patched image', id, image.id);
}

/** The newer cluster's image has a patched image of its own, from which the gateway runs; the earlier one is what it was. */
export async function followsCluster(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the onboarding with the newer image');
  const { tags } = world.get('patchedBefore');
  const more = (await tagsWith(a, world, 'fuse-overlayfs')).filter((tag) => !tags.includes(tag));
  a.equals('number of further patched images', more.length, 1);
  const image = await runsFromPatchedImage(a, world);
  a.equals("image of the gateway's container", image, more[0] ?? 'the further patched image');
  const label = a.see(await world.get('privateEngine').label(image || 'none', NEWER));
  a.equals("the newer cluster image's label in it", label, world.own.isolation.token);
  await keepsEarlierImage(a, world);
}

/** Both onboardings ended with 0 and a sandbox that is Ready, and patched one image, by no more calls than one alone. */
export async function patchesOnce(a: AssertionContext, world: Phase9World): Promise<void> {
  const together = world.get('together');
  a.equals('onboardings at the same time', together.length, 2);
  for (const { sandbox, outcome } of together) {
    succeeds(a, outcome, `the onboarding of ${sandbox}`);
    a.equals(`phase of ${sandbox}`, a.see(await world.own.gateway.phase(sandbox)) ?? 'not listed', 'Ready');
    a.equals(`${sandbox} in the registry`, a.see(world.own.durable.registryEntry(sandbox))?.name ?? 'none', sandbox);
  }
  a.equals('patched images of the default snapshotter', (await tagsWith(a, world, 'fuse-overlayfs')).length, 1);
  const alone = expectation('an onboarding that patches an image', a.see(world.get('writesAlone')));
  const calls = a.see(world.get('writesTogether')).length;
  a.equals('calls that gave a patched image its content or name', calls, alone.length);
}

/** Each snapshotter has a patched image of its own: other content under another name, and the first one is what it was. */
export async function eachSnapshotterHasItsOwn(a: AssertionContext, world: Phase9World): Promise<void> {
  const engine = world.get('privateEngine');
  const [native = [], fuse = []] = [await tagsWith(a, world, 'native'), await tagsWith(a, world, 'fuse-overlayfs')];
  a.equals('number of patched images for the native snapshotter', native.length, 1);
  a.isNotEmpty('patched images for the default snapshotter', fuse);
  for (const tag of fuse) {
    const { id } = a.see(await engine.image(tag));
    a.differs('ID of the image for the default snapshotter', id, world.get('patchedBefore').image.id);
  }
  await keepsEarlierImage(a, world);
}

/** The onboarding after those that were killed ended with 0, from a patched image as whole as one whose patching nobody disturbed. */
export async function usesNoHalfMadeImage(a: AssertionContext, world: Phase9World): Promise<void> {
  const outcomes = world.get('killed').map((one) => a.see(one).ended);
  a.atLeast('onboardings that were killed', outcomes.filter((one) => one === 'signalled').length, 1);
  succeeds(a, world.get('outcome'), 'the onboarding after them');
  await ready(a, world);
  const image = await runsFromPatchedImage(a, world);
  a.matches('its name', image, patchedName(world, 'fuse-overlayfs'));
  await usesFuseOverlayfs(a, world);
  const whole = world.get('wholeImages')[image] ?? [];
  const made = commandsOf(a.see(await world.get('privateEngine').history(image || 'none')));
  a.equals('commands that made it', made, expectation('a whole image of that name', whole));
}

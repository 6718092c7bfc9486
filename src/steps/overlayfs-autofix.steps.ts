import { Given, Then, When } from '@cucumber/cucumber';
import type { AssertionContext } from '../evidence/assertion';
import {
    onboardOnPrivateEngine,
    patchedImages,
    removeInstance,
    stageEngineInTheWay,
    stageRelease,
} from '../staging/overlayfs-autofix';
import { textOf } from '../sut/host-cli';
import { action, assertion, restored } from '../world/step-registry';
import type { AssertionBody, Phase9World } from '../world/world';

/** What the kernel's refusal of an overlay upon an overlay looks like (contract, “Overlayfs autofix”). */
const SIGNATURE = /overlayfs\W.*snapshotter cannot be enabled|failed to mount overlay|CreateDiff: Canceled/;
/** EINVAL, as programs spell it: it is the kind of filesystem that is refused, not the permission to mount one. */
const INVALID = /invalid argument|wrong fs type/i;

const applies = (world: Phase9World) => world.getIfSet('notApplicable') === undefined;

/** An action that there is nothing to do for where the SUT or the host lacks what the scenario is about. */
function where(body: (world: Phase9World) => Promise<void>) {
  return action(async (world) => {
    if (applies(world)) await body(world);
  });
}

/** An assertion that is not applicable there. */
function judged(id: string, body: AssertionBody) {
  return assertion(id, (a, world) => {
    const reason = world.getIfSet('notApplicable');
    return reason === undefined ? body(a, world) : a.notApplicable(reason);
  });
}

Given("an engine of the scenario's own that keeps its containers on containerd's overlay", action(stageEngineInTheWay));

Given('a release whose gateway is a cluster in a container, with all its images on that engine', where(stageRelease));

When(
  'the operator onboards',
  where(async (world) => world.set({ outcome: await onboardOnPrivateEngine(world) })),
);

When(
  'the operator removes the sandbox and the gateway, and onboards again',
  where(async (world) => {
    world.set({ patchedBefore: await patchedImages(world) });
    await removeInstance(world);
    world.set({ outcome: await onboardOnPrivateEngine(world) });
  }),
);

When(
  'the operator onboards without the fix',
  where(async (world) => {
    world.set({ outcome: await onboardOnPrivateEngine(world, { NEMOCLAW_DISABLE_OVERLAY_FIX: '1' }) });
  }),
);

When(
  'the operator onboards with the native snapshotter',
  where(async (world) => {
    // A gateway that should not have come up would be used as it is, and this choice never be made.
    if (world.get('outcome').peek().exit === 0) await removeInstance(world);
    world.set({ outcome: await onboardOnPrivateEngine(world, { NEMOCLAW_OVERLAY_SNAPSHOTTER: 'native' }) });
  }),
);

const gatewayOf = (world: Phase9World) => world.get('containerGateway').containerOf(world.own.isolation);

/** What the last onboarding printed. */
function printed(a: AssertionContext, world: Phase9World): string {
  const { stdout, stderr } = a.see(world.get('outcome'));
  return `${textOf(stdout)}\n${textOf(stderr)}`;
}

async function patchedTags(a: AssertionContext, world: Phase9World): Promise<readonly string[]> {
  return a.see(await world.get('privateEngine').tagsOf(world.get('containerGateway').patchedRepository));
}

/** The name that a patched image has: version, snapshotter, and eight hex digits. */
function patchedName(world: Phase9World, snapshotter: string): RegExp {
  const { patchedRepository, release } = world.get('containerGateway');
  return new RegExp(`^${patchedRepository}:${release.openshell.replaceAll('.', '\\.')}-${snapshotter}-[0-9a-f]{8}$`);
}

Given(
  "the engine says that its containers lie on containerd's overlay",
  judged('overlayfs.daemon.conflict-active', async (a, world) => {
    const { driver, type } = a.see(await world.get('privateEngine').storage());
    a.equals('Driver', driver, 'overlayfs');
    a.equals('driver-type in DriverStatus', type, 'io.containerd.snapshotter.v1');
  }),
);

Given(
  'the kernel refuses the cluster an overlay of its own',
  judged('overlayfs.kernel.nested-mount-refused', async (a, world) => {
    const { clusterImage, clusterData } = world.get('containerGateway');
    const tried = await world.get('privateEngine').tryOverlays(clusterImage, clusterData);
    const { onData, onVolume } = a.see(tried);
    a.that(`exit status of mounting one in ${clusterData}`, onData.exit, 'not 0', onData.exit !== 0);
    a.that('what is said of it', onData.said, 'that it is the filesystem that will not do', INVALID.test(onData.said));
    a.equals('exit status of mounting one on a volume, with the same rights', onVolume.exit, 0);
  }),
);

Then(
  'the onboarding succeeds and the gateway is healthy',
  judged('overlayfs.fix.onboards', async (a, world) => {
    const { ended, exit } = a.see(world.get('outcome'));
    a.equals('how it ended', { ended, exit }, { ended: 'exited', exit: 0 });
    const { openshell } = world.get('containerGateway').release;
    a.equals('version that the gateway reports', a.see(await world.own.gateway.version()), openshell);
    a.equals('phase of the sandbox', a.see(await world.own.gateway.phase(world.get('sandbox'))), 'Ready');
  }),
);

Then(
  "the onboarding says that it detected containers on containerd's overlay",
  judged('overlayfs.fix.reports-detection', (a, world) => {
    const text = printed(a, world);
    const wanted = 'Detected Docker 26+ containerd-snapshotter overlayfs';
    a.that('what it says', text, `"${wanted}"`, text.includes(wanted));
  }),
);

Then(
  'the engine has one patched image of the cluster',
  judged('overlayfs.fix.image-created', async (a, world) => {
    const tags = await patchedTags(a, world);
    const name = patchedName(world, 'fuse-overlayfs');
    a.that('patched images', tags, `one, named as ${name.source}`, tags.length === 1 && name.test(tags[0] ?? ''));
  }),
);

/** The gateway's container is made from a patched image that the engine has. @returns the image's name */
async function runsFromPatched(a: AssertionContext, world: Phase9World): Promise<string> {
  const image = a.see(await world.get('privateEngine').imageOfContainer(gatewayOf(world))) ?? '';
  const tags = await patchedTags(a, world);
  a.that(
    'image of the gateway’s container',
    image || 'none',
    `one of ${tags.join(', ') || 'none'}`,
    tags.includes(image),
  );
  return image;
}

Then(
  'the gateway runs from the patched image',
  judged('overlayfs.fix.gateway-runs-patched', async (a, world) => {
    await runsFromPatched(a, world);
  }),
);

/** The refusals that a log tells of. */
function refusals(log: string): string[] {
  return log.split('\n').filter((line) => SIGNATURE.test(line));
}

Then(
  "the gateway's log tells of no refused overlay, and its containers are kept by fuse-overlayfs",
  judged('overlayfs.fix.log-clean', async (a, world) => {
    const engine = world.get('privateEngine');
    const gateway = gatewayOf(world);
    const log = a.see(await engine.log(gateway));
    a.that('the log', log, 'not empty', log.trim() !== '');
    a.isEmpty('lines of a refused overlay', refusals(log), 'none');
    const command = a.see(await engine.commandOf(gateway));
    a.that('command', command, 'names fuse-overlayfs', command.includes('--snapshotter=fuse-overlayfs'));
    const mounted = a.see(await engine.mountsIn(gateway));
    a.that('filesystems mounted in it', mounted, 'fuse.fuse-overlayfs', mounted.includes('fuse.fuse-overlayfs'));
  }),
);

Then(
  'the patched image has the same name',
  judged('overlayfs.reuse.same-tag', async (a, world) => {
    const { exit } = a.see(world.get('outcome'));
    a.equals('exit status of the repetition', exit, 0);
    const { tags } = world.get('patchedBefore');
    a.equals('patched images', await patchedTags(a, world), tags);
  }),
);

Then(
  'the patched image is the one from before, neither fetched nor built again',
  judged('overlayfs.reuse.not-rebuilt', async (a, world) => {
    const engine = world.get('privateEngine');
    const { tags, image, at } = world.get('patchedBefore');
    const tag = tags[0] ?? '';
    const { id, created } = a.see(await engine.image(tag));
    a.equals('image ID', id, image.id);
    a.equals('Created', created, image.created);
    a.equals('build history', a.see(await engine.history(tag)), image.history);
    // By name: another name for it is for the check before this one to see.
    const concerned = [tag, world.get('containerGateway').clusterImage];
    const events = a.see(await engine.imageEvents(at));
    const about = events.filter((event) => concerned.some((one) => event.includes(one)));
    a.isEmpty('events of the image and of the one below it', about, 'none');
    const text = printed(a, world);
    const told = text.split('\n').filter((line) => /\b(Building|Pulling)\b/.test(line) && line.includes(tag));
    a.isEmpty('what the onboarding says of building or fetching it', told, 'nothing');
  }),
);

Then("the engine's configuration is put back", restored('overlayfs.daemon.restored', 'docker-daemon-config'));

Then(
  'the onboarding fails in time',
  judged('overlayfs.opt-out.fails', (a, world) => {
    const { ended, exit } = a.see(world.get('outcome'));
    a.equals('how it ended', ended, 'exited');
    a.that('exit status', exit, 'not 0', exit !== 0);
  }),
);

Then(
  'it fails because the kernel refuses the cluster an overlay of its own',
  judged('overlayfs.opt-out.original-signature', async (a, world) => {
    const log = a.see(await world.get('privateEngine').log(gatewayOf(world)));
    const lines = refusals(`${log}\n${printed(a, world)}`);
    a.that(
      'lines of a refused overlay',
      lines,
      'one that names the reason',
      lines.some((line) => INVALID.test(line)),
    );
  }),
);

Then(
  'the engine has no patched image of the cluster',
  judged('overlayfs.opt-out.no-image', async (a, world) => {
    a.isEmpty('patched images', await patchedTags(a, world), 'none');
  }),
);

Then(
  'the patched image is one with the native snapshotter, and the gateway runs from it',
  judged('overlayfs.native.selectable', async (a, world) => {
    const { exit } = a.see(world.get('outcome'));
    a.equals('exit status of the onboarding', exit, 0);
    const image = await runsFromPatched(a, world);
    const name = patchedName(world, 'native');
    a.that('its name', image, name.source, name.test(image));
    const engine = world.get('privateEngine');
    const command = a.see(await engine.commandOf(gatewayOf(world)));
    const named = command.filter((one) => one.startsWith('--snapshotter'));
    a.equals('snapshotters that the gateway’s command names', named, ['--snapshotter=native']);
    const mounted = a.see(await engine.mountsIn(gatewayOf(world)));
    const fuse = mounted.filter((type) => type === 'fuse.fuse-overlayfs');
    a.isEmpty('filesystems of another snapshotter mounted in it', fuse, 'none');
  }),
);

import { runPipeline, type Step } from '../../shared/pipeline';
import { reasonOf } from '../../shared/reason';
import { installedOpenshell } from '../openshell';
import { complain, say } from '../print';
import {
  buildPatched,
  findUpstream,
  localImage,
  patchedTag,
  type Snapshotter,
  type UpstreamImage,
} from './cluster-image';
import { conflicts, engineStorage, thisMachine } from './conflict';

/** The findings of the fix's steps; `needed` and `image` are its result. */
export interface AutofixContext {
  needed: boolean;
  driver: string;
  snapshotter: Snapshotter;
  upstream: UpstreamImage | undefined;
  tag: string | undefined;
  /** The image that the gateway is to run from; undefined leaves that to OpenShell. */
  image: string | undefined;
}

const TROUBLESHOOTING = 'see docs/reference/troubleshooting.mdx';

async function detectConflict(context: AutofixContext): Promise<void> {
  try {
    const storage = await engineStorage();
    context.driver = storage.Driver;
    context.needed = conflicts(storage, thisMachine());
  } catch (error) {
    complain(`Skipping overlayfs auto-fix: host assessment failed (${reasonOf(error)}).`);
  }
}

function heedOptOut(context: AutofixContext): void {
  if (process.env.NEMOCLAW_DISABLE_OVERLAY_FIX === '1') context.needed = false;
}

function chooseSnapshotter(context: AutofixContext): void {
  const named = process.env.NEMOCLAW_OVERLAY_SNAPSHOTTER ?? '';
  const wanted = named.trim().toLowerCase();
  if (wanted === 'fuse-overlayfs' || wanted === 'native') context.snapshotter = wanted;
  else if (wanted !== '') {
    complain(
      `NEMOCLAW_OVERLAY_SNAPSHOTTER='${named}' is not recognized. Valid values are 'fuse-overlayfs' or 'native'. Falling back to 'fuse-overlayfs'.`,
    );
  }
}

function reportToOwner({ driver, snapshotter }: AutofixContext): void {
  say(
    `Detected Docker 26+ containerd-snapshotter overlayfs (driver=${driver}). Routing through a locally-built ${snapshotter} cluster image to bypass nested-overlay break.`,
  );
  say('Set NEMOCLAW_DISABLE_OVERLAY_FIX=1 to disable this auto-fix; see docs for the manual daemon.json workaround.');
}

/** The cluster image of the OpenShell that is installed, unless the owner names another. @throws CommandFailure. */
async function upstreamReference(): Promise<string> {
  if (process.env.OPENSHELL_CLUSTER_IMAGE) return process.env.OPENSHELL_CLUSTER_IMAGE;
  return `nemoclaw-reference/openshell-cluster:${await installedOpenshell()}`;
}

async function nameImage(context: AutofixContext): Promise<void> {
  context.upstream = await findUpstream(await upstreamReference(), complain);
  context.tag = patchedTag(context.upstream, context.snapshotter);
}

async function buildUnlessThere({ tag, upstream, snapshotter }: AutofixContext): Promise<void> {
  if (tag === undefined || upstream === undefined || (await localImage(tag)) !== undefined) return;
  complain(`Building patched cluster image (one-time) → ${tag}`);
  complain(`Source: ${upstream.reference} (${upstream.id})`);
  complain(`Snapshotter: ${snapshotter}`);
  await buildPatched(tag, upstream, snapshotter);
  complain(`Patched image ready: ${tag}`);
}

function useImage(context: AutofixContext): void {
  context.image = context.tag;
}

function ifNeeded(work: (context: AutofixContext) => Promise<void> | void): Step<AutofixContext>['run'] {
  return (context) => (context.needed ? work(context) : undefined);
}

/** The fix, in named steps; all but the first are only for an engine with the conflict. */
export const autofixSteps: readonly Step<AutofixContext>[] = [
  { name: 'detect-conflict', run: detectConflict },
  { name: 'heed-opt-out', run: ifNeeded(heedOptOut) },
  { name: 'choose-snapshotter', run: ifNeeded(chooseSnapshotter) },
  { name: 'report-to-owner', run: ifNeeded(reportToOwner) },
  { name: 'name-image', run: ifNeeded(nameImage) },
  { name: 'build-unless-there', run: ifNeeded(buildUnlessThere) },
  { name: 'use-image', run: ifNeeded(useImage) },
];

/**
 * Where the engine's storage would keep a cluster from starting, makes an image of it that works there.
 * @returns the image for the gateway, or undefined where OpenShell's own works, or where no other could be made.
 */
export async function applyOverlayfsAutofix(): Promise<string | undefined> {
  const context: AutofixContext = {
    needed: false,
    driver: '',
    snapshotter: 'fuse-overlayfs',
    upstream: undefined,
    tag: undefined,
    image: undefined,
  };
  try {
    await runPipeline('overlayfs-autofix', autofixSteps, context);
  } catch (error) {
    complain(`Patched cluster image build failed: ${reasonOf(error)}`);
    complain(`Falling back to the upstream image. The k3s server will likely fail; ${TROUBLESHOOTING}.`);
  }
  return context.image;
}

import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './child';
import { withContainer } from './container';
import { BASE_IMAGE, CLUSTER_PACKAGES, labelled, SUPPLY } from './definitions';
import type { Engine } from './engine';
import { type Report, step } from './progress';

const INSIDE = '/var/tmp/phase9-cluster';

/**
 * Makes the image that holds fuse-overlayfs as packages of the base's own Debian: the old gateway's image carries them, so
 * that an image patched with them can be built without a network.
 */
export async function makeClusterPackages(engine: Engine, report: Report, work: string, inputs: string): Promise<void> {
  const context = join(work, 'cluster-packages');
  await mkdir(context, { recursive: true });
  await step(report, 'openshell', 'fetching the packages of fuse-overlayfs', () =>
    fetchPackages(engine, report, context),
  );
  await cp(join(SUPPLY, 'cluster/Dockerfile'), join(context, 'Dockerfile'));
  const id = await engine.build([...labelled(inputs), context]);
  const { agent, image } = CLUSTER_PACKAGES;
  await engine.rename(id, image);
  report({ step: agent, state: 'progress', text: `${image} holds the packages of fuse-overlayfs`, image, id });
}

async function fetchPackages(engine: Engine, report: Report, context: string): Promise<void> {
  const command = ['/bin/bash', `${INSIDE}/fetch-packages.sh`, INSIDE];
  await withContainer(engine, BASE_IMAGE, command, async (container) => {
    await container.copyIn(join(SUPPLY, 'cluster'), INSIDE);
    const onLine = (text: string): void => report({ step: 'openshell', state: 'progress', text });
    await container.start({ within: 300_000, onLine });
    const archive = join(context, 'packages.tar');
    await container.copyOut(`${INSIDE}/packages`, archive);
    await runCommand('tar', ['-C', context, '-xf', archive], { within: 30_000, signal: engine.signal });
    await rm(archive);
  });
}

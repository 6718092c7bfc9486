import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryDocker } from '../../shared/docker';
import { lastLines } from '../../shared/output';
import { sha256 } from '../../shared/sha256';

/** Ways in which a cluster can store the layers of its containers, other than the kernel's overlay. */
export type Snapshotter = 'fuse-overlayfs' | 'native';

/** A cluster image of OpenShell: its name, and its ID on this engine. */
export interface UpstreamImage {
  readonly reference: string;
  readonly id: string;
}

const PULL_WITHIN = '600000 ms';
const MANIFEST_WITHIN = '30000 ms';
const BUILD_WITHIN = '300000 ms';

/** The packages lie in the upstream image itself: nothing is fetched. */
const INSTALL = 'RUN dpkg --install /usr/share/openshell/packages/*.deb';

/** The recipe of a patched image. */
export function dockerfileFor(snapshotter: Snapshotter): string {
  const lines = [
    'ARG UPSTREAM',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is Docker's own variable.
    'FROM ${UPSTREAM}',
    ...(snapshotter === 'fuse-overlayfs' ? [INSTALL] : []),
    `CMD ["server", "--snapshotter=${snapshotter}"]`,
  ];
  return `${lines.join('\n')}\n`;
}

/** The name of a patched image depends on its inputs alone. */
export function patchedTag(upstream: UpstreamImage, snapshotter: Snapshotter): string {
  const inputs = [upstream.reference, upstream.id, snapshotter, dockerfileFor(snapshotter)];
  const digest = sha256(inputs.join('\0')).slice(0, 8);
  const name = upstream.reference.slice(upstream.reference.lastIndexOf('/') + 1);
  const version = /:([^@]+)/.exec(name)?.[1] ?? 'unknown';
  return `nemoclaw-cluster:${version}-${snapshotter}-${digest}`;
}

/** The ID of an image of this engine, or undefined. */
export async function localImage(reference: string): Promise<string | undefined> {
  const result = await tryDocker(['image', 'inspect', '--format', '{{.Id}}', reference]);
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** The upstream image on this engine, pulled where it is missing. @throws when it cannot be had. */
export async function findUpstream(reference: string, report: (line: string) => void): Promise<UpstreamImage> {
  const local = await localImage(reference);
  if (local !== undefined) return { reference, id: local };
  const manifest = await tryDocker(['manifest', 'inspect', reference]);
  if (manifest.status !== 0) {
    throw new Error(
      `cannot reach upstream registry for ${reference} (docker manifest inspect exit ${manifest.status} within ${MANIFEST_WITHIN}). See docs/reference/troubleshooting.mdx for the manual daemon.json workaround.`,
    );
  }
  report(`Pulling upstream cluster image: ${reference}`);
  const pulled = await tryDocker(['pull', reference]);
  const id = await localImage(reference);
  if (pulled.status === 0 && id !== undefined) return { reference, id };
  throw new Error(
    `failed to pull upstream cluster image ${reference} (docker pull exit ${pulled.status}; timeout ${PULL_WITHIN})`,
  );
}

/** Builds the patched image from a directory that is gone afterwards. @throws when the build fails. */
export async function buildPatched(tag: string, upstream: UpstreamImage, snapshotter: Snapshotter): Promise<void> {
  const context = mkdtempSync(join(tmpdir(), 'nemoclaw-cluster-patch-'));
  try {
    writeFileSync(join(context, 'Dockerfile'), dockerfileFor(snapshotter));
    const result = await tryDocker([
      ...['build', '--quiet', '--network', 'none', '--build-arg', `UPSTREAM=${upstream.reference}`, '-t', tag, context],
    ]);
    if (result.status === 0) return;
    throw new Error(
      `failed to build patched cluster image (docker build exit ${result.status}; timeout ${BUILD_WITHIN}): ${lastLines(result.stderr, 1).join('')}`,
    );
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { label, managedByOpenShell } from '../gateway/driver/labels';
import { dockerEnvironment, tryDocker } from '../shared/docker';
import { Failure } from './failure';

/** What `--from` names: something to build, or an image that is there. */
export type ImageSource =
  | { readonly kind: 'build'; readonly dockerfile: string; readonly context: string }
  | { readonly kind: 'image'; readonly image: string };

/** Tells a Dockerfile and a directory that holds one from the name of an image. @throws {Failure} on a directory without one. */
export function imageSource(from: string): ImageSource {
  const path = resolve(from);
  if (!existsSync(path)) {
    if (/^[./~]|\s|Dockerfile$/.test(from)) throw new Failure(`--from ${from}: no such file or directory`);
    return { kind: 'image', image: from };
  }
  if (!statSync(path).isDirectory()) return { kind: 'build', dockerfile: path, context: dirname(path) };
  const dockerfile = join(path, 'Dockerfile');
  if (!existsSync(dockerfile)) throw new Failure(`--from ${from}: the directory holds no Dockerfile`);
  return { kind: 'build', dockerfile, context: path };
}

/**
 * Builds a sandbox's image as `openshell/sandbox-from:<ms since the epoch>`; the build's output goes to ours.
 * @throws {Failure} when the build fails.
 */
export async function buildImage(
  source: ImageSource & { kind: 'build' },
  sandbox: string,
  gatewayId: string,
): Promise<string> {
  const image = `openshell/sandbox-from:${Date.now()}`;
  // The gateway's own mark lets it clear away an image whose sandbox never came about.
  const labels = [managedByOpenShell, `${label.sandboxName}=${sandbox}`, `${label.gatewayId}=${gatewayId}`];
  const args = [
    // Also of a build that fails or is killed no container stays.
    '--force-rm',
    '-f',
    source.dockerfile,
    '-t',
    image,
    ...labels.flatMap((each) => ['--label', each]),
    source.context,
  ];
  // Without BuildKit a cached layer can go with somebody else's image between its finding and its use.
  const status = (await shown(['build', ...args])) && (await shown(['build', '--no-cache', ...args]));
  if (status !== 0)
    throw new Failure(`building ${source.dockerfile} failed`, `docker build ended with status ${status}`);
  return image;
}

/** Runs docker with its output to ours. @returns its exit status. */
function shown(args: readonly string[]): Promise<number> {
  return new Promise((done, failed) => {
    const child = spawn('docker', args, { env: dockerEnvironment(), stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', (error) => failed(new Failure('the docker CLI could not be started', error.message)));
    child.on('close', (code) => done(code ?? -1));
  });
}

/** Removes an image that was built for a sandbox that did not come about. */
export async function discardImage(image: string): Promise<void> {
  await tryDocker(['image', 'rm', image]);
}

import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { label, managedByOpenShell } from '../gateway/driver/labels';
import { dockerEnvironment, tryDocker } from '../shared/docker';
import { Failure } from './failure';

/** The value of `--from`: something to build, or an existing image. */
export type ImageSource =
  | { readonly kind: 'build'; readonly dockerfile: string; readonly context: string }
  | { readonly kind: 'image'; readonly image: string };

/** Distinguishes a Dockerfile, or a directory with one, from the name of an image. @throws {Failure} on a directory without one. */
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
  // By the gateway's label it can remove an image whose sandbox was never created.
  const labels = [managedByOpenShell, `${label.sandboxName}=${sandbox}`, `${label.gatewayId}=${gatewayId}`];
  const args = [
    // A build that fails or is killed leaves no container either.
    '--force-rm',
    '-f',
    source.dockerfile,
    '-t',
    image,
    ...labels.flatMap((each) => ['--label', each]),
    source.context,
  ];
  // Without BuildKit a cached layer can vanish with another image between lookup and use.
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

/** Removes an image that was built for a sandbox that was not created. */
export async function discardImage(image: string): Promise<void> {
  await tryDocker(['image', 'rm', image]);
}

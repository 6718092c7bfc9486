import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import type { Settings } from '../../settings';
import { PRIVATE_ENGINE_IMAGE } from '../../sut/private-engine';
import { UserError } from '../../user-error';
import { Interrupted } from '../run-action';
import { aptProxy, machineSystem } from './debian';
import { callProgram, type ProgramCall, type ProgramEnd, toldBy } from './program';
import { filesBelow } from './reference';

const PUBLIC_IMAGE = 'debian:trixie-slim';
/** Its engine knows containerd's snapshotters; `docker` itself is the user's own. */
const PACKAGES = ['docker.io', 'iptables', 'tini', 'ca-certificates'];
const CACHE_LABEL = 'phase9.cache=private-engine';
const INPUTS_LABEL = 'phase9.inputs';

/** What apt and dpkg leave behind, and texts that no program here reads. */
const NOT_IMPORTED = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/cache/apt', 'var/lib/apt/lists']
  .map((directory) => `--exclude=./${directory}/*`)
  .concat(['doc', 'man', 'locale'].map((directory) => `--exclude=./usr/share/${directory}/*`));

type Tell = (text: string) => void;

function fixture(repository: string): string {
  return path.join(repository, 'fixtures/private-engine');
}

/** Digest of what the image is made from. */
export function privateEngineInputs(repository: string): string {
  const hash = createHash('sha256').update([...PACKAGES, ...NOT_IMPORTED].join('\0'));
  for (const name of ['Dockerfile', 'entry.sh', 'system.Dockerfile']) {
    for (const file of filesBelow(path.join(fixture(repository), name)))
      hash.update(`${name}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

/** Whether the image of a private engine is there, and of today's inputs. */
export async function privateEngineState(
  repository: string,
  signal: AbortSignal,
): Promise<'fresh' | 'stale' | 'missing'> {
  const format = `{{index .Config.Labels "${INPUTS_LABEL}"}}`;
  const end = await callProgram('docker', ['image', 'inspect', '--format', format, PRIVATE_ENGINE_IMAGE], {
    env: process.env,
    within: 30_000,
    signal,
  });
  if (end.reason === 'interrupted') throw new Interrupted();
  if (end.status !== 0) return 'missing';
  return end.stdout.trim() === privateEngineInputs(repository) ? 'fresh' : 'stale';
}

/**
 * Makes the image of an engine that a scenario may have for itself, unless it is there: from Debian's public image where a
 * registry answers, else by debootstrap from this machine's apt sources.
 * @returns whether it was made.
 * @throws CommandProblem with what was tried.
 */
export async function makePrivateEngine(
  repository: string,
  settings: Settings,
  tell: Tell,
  signal: AbortSignal,
): Promise<boolean> {
  if ((await privateEngineState(repository, signal)) === 'fresh') return false;
  mkdirSync(settings.cacheDirectory, { recursive: true, mode: 0o700 });
  const release = await lock(settings.cacheDirectory, {
    lockfilePath: path.join(settings.cacheDirectory, 'private-engine.lock'),
    stale: 15_000,
    update: 5_000,
    retries: { retries: 600, factor: 1, minTimeout: 1_000 },
  });
  const directory = fixture(repository);
  const work = await mkdtemp(path.join(settings.cacheDirectory, 'private-engine-'));
  try {
    if ((await privateEngineState(repository, signal)) === 'fresh') return false;
    const system = (await pulledSystem(directory, tell, signal)) ?? (await bootstrappedSystem(work, tell, signal));
    const labels = [CACHE_LABEL, `${INPUTS_LABEL}=${privateEngineInputs(repository)}`].flatMap((one) => [
      '--label',
      one,
    ]);
    const args = ['--network', 'none', ...labels, '--build-arg', `SYSTEM=${system}`, '--tag', PRIVATE_ENGINE_IMAGE];
    await build([...args, directory], signal);
    await docker(['image', 'rm', system], signal);
    return true;
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    await release();
  }
}

/** Removes the image, unless a container uses it. @returns what became of it, in a few words. */
export async function cleanPrivateEngine(signal: AbortSignal): Promise<string> {
  const images = await tryDocker(['image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${CACHE_LABEL}`], signal);
  const ids = [...new Set(images.stdout.split('\n').filter((line) => line !== ''))];
  if (ids.length === 0) return 'none';
  const end = await tryDocker(['image', 'rm', ...ids], signal);
  return end.status === 0 ? 'removed' : `kept: ${toldBy(end, 1)}`;
}

/** Name of the system while the image is made from it. */
const SYSTEM = `${PRIVATE_ENGINE_IMAGE.replace(/:.*/, '')}:system`;

/** @returns the system with its packages, or undefined where no registry answers. */
async function pulledSystem(directory: string, tell: Tell, signal: AbortSignal): Promise<string | undefined> {
  const wasHere = (await tryDocker(['image', 'inspect', PUBLIC_IMAGE], signal)).status === 0;
  if (!wasHere) {
    const pulled = await tryDocker(['pull', '--quiet', PUBLIC_IMAGE], signal, 60_000);
    if (pulled.status !== 0) {
      tell(`no ${PUBLIC_IMAGE} from its registry: ${toldBy(pulled, 1)}`);
      return undefined;
    }
  }
  tell(`installing ${PACKAGES.join(', ')} into ${PUBLIC_IMAGE}`);
  const proxies = ['http_proxy', 'https_proxy', 'no_proxy'].filter((name) => process.env[name]);
  const values = [`PUBLIC=${PUBLIC_IMAGE}`, `PACKAGES=${PACKAGES.join(' ')}`, ...proxies];
  const dockerfile = path.join(directory, 'system.Dockerfile');
  const args = ['--network', 'host', '--label', CACHE_LABEL, '--file', dockerfile, '--tag', SYSTEM];
  await build([...args, ...values.flatMap((value) => ['--build-arg', value]), directory], signal);
  // Only our own name keeps the image, so that --clean removes all that we brought.
  if (!wasHere) await docker(['image', 'rm', PUBLIC_IMAGE], signal);
  return SYSTEM;
}

async function bootstrappedSystem(work: string, tell: Tell, signal: AbortSignal): Promise<string> {
  if (process.getuid?.() !== 0)
    throw new UserError('the image of a private engine cannot be made: debootstrap needs root');
  await requireDebootstrap(tell, signal);
  const { site, suite, components } = await machineSystem(signal);
  tell(`making a Debian with Docker Engine from this machine's apt sources (${suite}, half a minute)`);
  const root = path.join(work, 'root');
  // In a mount namespace of its own: what debootstrap mounts below its target vanishes with it, even when it is killed.
  const debootstrap = ['--mount', '--propagation', 'private', 'debootstrap', '--variant=minbase'];
  const args = [...debootstrap, `--include=${PACKAGES.join(',')}`, `--components=${components}`, suite, root, site];
  await must('unshare', args, { env: { ...process.env, ...(await aptProxy(signal)) }, within: 600_000, signal });
  const archive = path.join(work, 'root.tar');
  const env = process.env;
  await must('tar', ['--numeric-owner', ...NOT_IMPORTED, '-C', root, '-cf', archive, '.'], {
    env,
    within: 120_000,
    signal,
  });
  await docker(['import', '--change', `LABEL ${CACHE_LABEL}`, archive, SYSTEM], signal);
  return SYSTEM;
}

async function requireDebootstrap(tell: Tell, signal: AbortSignal): Promise<void> {
  const there = await callProgram('debootstrap', ['--version'], { env: process.env, within: 10_000, signal });
  if (there.status === 0) return;
  tell('installing debootstrap');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await callProgram('apt-get', ['update', '-qq'], { env, within: 180_000, signal });
  const install = ['install', '--yes', '-qq', '--no-install-recommends', 'debootstrap'];
  await must('apt-get', install, { env, within: 180_000, signal });
}

async function must(file: string, args: readonly string[], call: ProgramCall): Promise<ProgramEnd> {
  const end = await callProgram(file, args, call);
  if (end.reason === 'interrupted') throw new Interrupted();
  if (end.status === 0) return end;
  throw new UserError(`the image of a private engine could not be made: ${file} ${args[0] ?? ''}: ${toldBy(end)}`);
}

async function tryDocker(args: readonly string[], signal: AbortSignal, within = 60_000): Promise<ProgramEnd> {
  const end = await callProgram('docker', args, { env: process.env, within, signal });
  if (end.reason === 'interrupted') throw new Interrupted();
  return end;
}

function docker(args: readonly string[], signal: AbortSignal): Promise<ProgramEnd> {
  return must('docker', args, { env: process.env, within: 120_000, signal });
}

/** Builds by whichever builder the docker CLI has. */
async function build(args: readonly string[], signal: AbortSignal): Promise<void> {
  const buildx = (await tryDocker(['buildx', 'version'], signal)).status === 0;
  const env = buildx ? process.env : { ...process.env, DOCKER_BUILDKIT: '0' };
  await must('docker', ['build', '--quiet', ...args], { env, within: 300_000, signal });
}

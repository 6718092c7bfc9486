import { mkdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import type { Settings } from '../../settings';
import { sha256 } from '../../sha256';
import { PRIVATE_ENGINE_IMAGE } from '../../sut/private-engine';
import { UserError } from '../../user-error';
import { callProgram, describeEnd, type ProgramCall, type ProgramEnd } from '../program';
import { aptProxy, machineSystem } from './debian';
import { aptGet, install, type Report, refreshList } from './distribution';
import { type Freshness, filesBelow, INPUTS_LABEL, imageState } from './inputs';

const PUBLIC_IMAGE = 'debian:trixie-slim';
/** Its engine knows containerd's snapshotters; `docker` itself is the user's own. */
const PACKAGES = ['docker.io', 'iptables', 'tini', 'ca-certificates'];
const CACHE_LABEL = 'phase9.cache=private-engine';

/** Left out of the image: leftovers of apt and dpkg, and texts that no program here reads. */
const NOT_IMPORTED = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/cache/apt', 'var/lib/apt/lists']
  .map((directory) => `--exclude=./${directory}/*`)
  .concat(['doc', 'man', 'locale'].map((directory) => `--exclude=./usr/share/${directory}/*`));

function fixture(repository: string): string {
  return path.join(repository, 'fixtures/private-engine');
}

/** Digest of the image's inputs. */
function privateEngineInputs(repository: string): string {
  const parts = ['Dockerfile', 'entry.sh', 'system.Dockerfile'].flatMap((name) =>
    filesBelow(path.join(fixture(repository), name)).flatMap((file) => [Buffer.from(`${name}\0`), readFileSync(file)]),
  );
  const lists = Buffer.from([...PACKAGES, ...NOT_IMPORTED].join('\0'));
  return sha256(Buffer.concat([lists, ...parts])).slice(0, 32);
}

/** Whether the image of a private engine exists and was made from the present inputs. */
export function privateEngineState(repository: string, signal: AbortSignal): Promise<Freshness> {
  return imageState(PRIVATE_ENGINE_IMAGE, privateEngineInputs(repository), signal);
}

/**
 * Makes the image of an engine that a scenario may have for itself, unless it exists: from Debian's public image where a
 * registry answers, else by debootstrap from this machine's apt sources.
 * @returns whether it was made.
 * @throws UserError with what was tried.
 */
export async function makePrivateEngine(
  repository: string,
  settings: Settings,
  report: Report,
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
    const system = (await pulledSystem(directory, report, signal)) ?? (await bootstrappedSystem(work, report, signal));
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

/** Removes the image, unless a container uses it. @returns the outcome in a few words. */
export async function cleanPrivateEngine(signal: AbortSignal): Promise<string> {
  const images = await tryDocker(['image', 'ls', '--quiet', '--no-trunc', '--filter', `label=${CACHE_LABEL}`], signal);
  const ids = [...new Set(images.stdout.split('\n').filter((line) => line !== ''))];
  if (ids.length === 0) return 'none';
  const end = await tryDocker(['image', 'rm', ...ids], signal);
  return end.status === 0 ? 'removed' : `kept: ${describeEnd(end, 1)}`;
}

/** Name of the intermediate image with the system and its packages. */
const SYSTEM = `${PRIVATE_ENGINE_IMAGE.replace(/:.*/, '')}:system`;

/** Makes the system from the public image. @returns its name; undefined where no registry answers */
async function pulledSystem(directory: string, report: Report, signal: AbortSignal): Promise<string | undefined> {
  const wasHere = (await tryDocker(['image', 'inspect', PUBLIC_IMAGE], signal)).status === 0;
  if (!wasHere) {
    const pulled = await tryDocker(['pull', '--quiet', PUBLIC_IMAGE], signal, 60_000);
    if (pulled.status !== 0) {
      report(`no ${PUBLIC_IMAGE} from its registry: ${describeEnd(pulled, 1)}`);
      return undefined;
    }
  }
  report(`installing ${PACKAGES.join(', ')} into ${PUBLIC_IMAGE}`);
  const proxies = ['http_proxy', 'https_proxy', 'no_proxy'].filter((name) => process.env[name]);
  const values = [`PUBLIC=${PUBLIC_IMAGE}`, `PACKAGES=${PACKAGES.join(' ')}`, ...proxies];
  const dockerfile = path.join(directory, 'system.Dockerfile');
  const args = ['--network', 'host', '--label', CACHE_LABEL, '--file', dockerfile, '--tag', SYSTEM];
  await build([...args, ...values.flatMap((value) => ['--build-arg', value]), directory], signal);
  // Only our own name keeps the image, so that --clean removes everything that set-up brought.
  if (!wasHere) await docker(['image', 'rm', PUBLIC_IMAGE], signal);
  return SYSTEM;
}

async function bootstrappedSystem(work: string, report: Report, signal: AbortSignal): Promise<string> {
  if (process.getuid?.() !== 0)
    throw new UserError('the image of a private engine cannot be made: debootstrap needs root');
  await requireDebootstrap(report, signal);
  const { site, suite, components } = await machineSystem(signal);
  report(`making a Debian with Docker Engine from this machine's apt sources (${suite}, half a minute)`);
  const root = path.join(work, 'root');
  // In a mount namespace of its own: the mounts of debootstrap below its target vanish with it, even when it is killed.
  const debootstrap = ['--mount', '--propagation', 'private', 'debootstrap', '--variant=minbase'];
  const args = [...debootstrap, `--include=${PACKAGES.join(',')}`, `--components=${components}`, suite, root, site];
  await must('unshare', args, { env: { ...process.env, ...(await aptProxy(signal)) }, within: 600_000, signal });
  const archive = path.join(work, 'root.tar');
  const pack = ['--numeric-owner', ...NOT_IMPORTED, '-C', root, '-cf', archive, '.'];
  await must('tar', pack, { within: 120_000, signal });
  await docker(['import', '--change', `LABEL ${CACHE_LABEL}`, archive, SYSTEM], signal);
  return SYSTEM;
}

async function requireDebootstrap(report: Report, signal: AbortSignal): Promise<void> {
  const { status } = await callProgram('debootstrap', ['--version'], { within: 10_000, signal });
  if (status === 0) return;
  report('installing debootstrap');
  const apt = aptGet(process.env, signal, 180_000);
  await refreshList(apt, report);
  mustSucceed(await install(apt, ['debootstrap']), 'apt-get install');
}

/** @throws UserError when the program failed. */
function mustSucceed(end: ProgramEnd, command: string): ProgramEnd {
  if (end.status === 0) return end;
  throw new UserError(`the image of a private engine could not be made: ${command}: ${describeEnd(end)}`);
}

async function must(file: string, args: readonly string[], call: ProgramCall): Promise<ProgramEnd> {
  return mustSucceed(await callProgram(file, args, call), `${file} ${args[0] ?? ''}`);
}

function tryDocker(args: readonly string[], signal: AbortSignal, within = 60_000): Promise<ProgramEnd> {
  return callProgram('docker', args, { within, signal });
}

function docker(args: readonly string[], signal: AbortSignal): Promise<ProgramEnd> {
  return must('docker', args, { within: 120_000, signal });
}

/** Builds with whichever builder the docker CLI has. */
async function build(args: readonly string[], signal: AbortSignal): Promise<void> {
  const buildx = (await tryDocker(['buildx', 'version'], signal)).status === 0;
  const env = buildx ? process.env : { ...process.env, DOCKER_BUILDKIT: '0' };
  await must('docker', ['build', '--quiet', ...args], { env, within: 300_000, signal });
}

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../src/shared/reason';
import { CommandFailure, runCommand } from './child';
import { BUNDLE_INSIDE, withContainer } from './container';
import { aptProxy, machineSource } from './debian';
import {
  BASE_IMAGE,
  CACHE_LABEL,
  COMPLETED_SYSTEM_IMAGE,
  INPUTS_LABEL,
  inputsDigest,
  labelled,
  SUPPLY,
  SYSTEM_IMAGE,
  SYSTEM_PACKAGES,
} from './definitions';
import type { Engine, LocalImage } from './engine';
import { type Report, step } from './progress';

const PUBLIC_IMAGE = 'debian:bookworm-slim';
/** A pull that has printed nothing for so long has no network (ms). */
const PULL_ANSWER = 20_000;

/** Leftovers of apt and dpkg, and texts that no program in a sandbox reads. */
const NOT_IMPORTED = ['proc', 'sys', 'dev', 'run', 'tmp', 'var/cache/apt', 'var/lib/apt/lists']
  .map((directory) => `./${directory}/*`)
  .concat(['./usr/share/doc/*', './usr/share/man/*', './usr/share/locale/*', './var/log/*']);

/**
 * The Debian image below all agents: the one that PHASE9_BASE_IMAGE names, else the one already here, else
 * debian:bookworm-slim from its registry, else one made from the machine's own apt sources.
 * @throws Error that names each way tried and how it failed.
 */
export async function obtainSystem(engine: Engine, report: Report, work: string, given: string): Promise<LocalImage> {
  if (given !== '') {
    const local = (await engine.inspect([given])).get(given);
    if (local !== undefined) return local;
    return step(report, 'base', `pulling PHASE9_BASE_IMAGE ${given}`, async () => {
      await engine.docker(['pull', '--quiet', given], { within: 300_000 });
      return engine.expect(given);
    });
  }
  const local = (await engine.inspect([SYSTEM_IMAGE])).get(SYSTEM_IMAGE);
  if (local !== undefined) return local;
  const pullFailure = await pull(engine, report);
  if (pullFailure !== undefined) {
    report({ step: 'base', state: 'progress', text: `no ${PUBLIC_IMAGE} from its registry: ${pullFailure}` });
    try {
      await step(report, 'base', "making a Debian from this machine's apt sources (about a minute)", () =>
        bootstrap(engine, report, work),
      );
    } catch (error) {
      throw new Error(
        `no base image for the agents: pulling ${PUBLIC_IMAGE} failed (${pullFailure}), and debootstrap failed: ${reasonOf(error)}\n` +
          'Set PHASE9_BASE_IMAGE to a Debian bookworm image that this engine has or can pull.',
      );
    }
  }
  return engine.expect(SYSTEM_IMAGE);
}

async function pull(engine: Engine, report: Report): Promise<string | undefined> {
  report({ step: 'base', state: 'started', text: `pulling ${PUBLIC_IMAGE}` });
  const wasHere = (await engine.inspect([PUBLIC_IMAGE])).has(PUBLIC_IMAGE);
  try {
    if (!wasHere) await engine.docker(['pull', PUBLIC_IMAGE], { within: 180_000, firstOutputWithin: PULL_ANSWER });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return error.message.split('\n').slice(-1)[0]?.trim() ?? 'unknown reason';
  }
  await engine.docker(['tag', PUBLIC_IMAGE, SYSTEM_IMAGE]);
  // Only our own name keeps the image, so that --clean removes all that we brought.
  if (!wasHere) await engine.docker(['image', 'rm', PUBLIC_IMAGE]);
  return undefined;
}

async function bootstrap(engine: Engine, report: Report, work: string): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('it needs root');
  const { signal } = engine;
  const source = await machineSource(signal);
  try {
    await runCommand('debootstrap', ['--version'], { within: 10_000, signal });
  } catch {
    report({ step: 'base', state: 'progress', text: 'installing debootstrap' });
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['update', '-qq'], { within: 180_000, signal, env });
    const install = ['install', '--yes', '-qq', '--no-install-recommends', 'debootstrap'];
    await runCommand('apt-get', install, { within: 180_000, signal, env });
  }
  const root = join(work, 'debian');
  await mkdir(root, { recursive: true });
  const include = SYSTEM_PACKAGES.join(',');
  const args = ['--variant=minbase', `--include=${include}`, `--components=${source.components}`, source.suite, root];
  const env = { ...process.env, ...(await aptProxy(signal)) };
  let count = 0;
  // In a mount namespace of its own: debootstrap's mounts below its target vanish with it, even when it is killed,
  // so that removing the target can never reach into this machine's /proc or /sys.
  await runCommand('unshare', ['--mount', '--propagation', 'private', 'debootstrap', ...args, source.site], {
    within: 600_000,
    signal,
    env,
    onLine: (line) => {
      // Some 200 lines of retrieving and unpacking: every 40th shows that it goes on.
      if (line.startsWith('I: ') && ++count % 40 === 0)
        report({ step: 'base', state: 'progress', text: line.slice(3) });
    },
  });
  const archive = join(work, 'debian.tar');
  const excluded = NOT_IMPORTED.map((pattern) => `--exclude=${pattern}`);
  await runCommand('tar', ['--numeric-owner', ...excluded, '-C', root, '-cf', archive, '.'], {
    within: 60_000,
    signal,
  });
  await engine.docker(['import', '--change', `LABEL ${CACHE_LABEL}`, archive, SYSTEM_IMAGE], { within: 120_000 });
  await Promise.all([root, archive].map((path) => rm(path, { recursive: true, force: true })));
}

/** Checks inside an image that the tools are there. */
const COMPLETE =
  'command -v curl ps && python3 -c "import venv, ensurepip" && test -s /etc/ssl/certs/ca-certificates.crt';

/** The base of all agents, with users and directories; built when its inputs changed. */
export async function buildBase(
  engine: Engine,
  report: Report,
  work: string,
  system: LocalImage,
  inputs: string,
): Promise<void> {
  const present = (await engine.inspect([BASE_IMAGE])).get(BASE_IMAGE);
  if (present?.labels[INPUTS_LABEL] === inputs) return;
  const complete = await completeSystem(engine, report, work, system);
  await step(report, 'base', 'building the base that the agents share', async () => {
    const context = join(SUPPLY, 'base');
    const id = await engine.build([...labelled(inputs), '--build-arg', `SYSTEM=${complete}`, context]);
    await engine.rename(id, BASE_IMAGE);
  });
}

/** An image that lacks packages (a given or pulled one) gets them by apt in a container; returns the image to build on. */
async function completeSystem(engine: Engine, report: Report, work: string, system: LocalImage): Promise<string> {
  const probe = ['run', '--rm', '--network', 'none', '--entrypoint', '/bin/sh', system.id, '-c', COMPLETE];
  try {
    await engine.docker(probe);
    return system.id;
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
  }
  const inputs = inputsDigest([], [system.id, ...SYSTEM_PACKAGES]);
  const cached = (await engine.inspect([COMPLETED_SYSTEM_IMAGE])).get(COMPLETED_SYSTEM_IMAGE);
  if (cached?.labels[INPUTS_LABEL] === inputs) return cached.id;
  return step(report, 'base', `installing ${SYSTEM_PACKAGES.join(', ')} into the base image`, async () => {
    const apt = `apt-get -o Acquire::https::CAInfo=${BUNDLE_INSIDE}`;
    const script = [
      'set -eu; export DEBIAN_FRONTEND=noninteractive',
      `test -e ${BUNDLE_INSIDE} || touch ${BUNDLE_INSIDE}`,
      `${apt} update -qq`,
      `${apt} install --yes -qq --no-install-recommends ${SYSTEM_PACKAGES.join(' ')}`,
      `rm -rf /var/lib/apt/lists/* /var/cache/apt/* ${BUNDLE_INSIDE}`,
    ].join('\n');
    return withContainer(engine, system.id, ['/bin/sh', '-c', script], async (container) => {
      await container.start({ within: 300_000 });
      // Not `docker commit`: the container's environment (this machine's proxies) must not go into the image.
      const archive = join(work, 'system.tar');
      await engine.docker(['export', '--output', archive, container.name], { within: 120_000 });
      const labels = ['--change', `LABEL ${CACHE_LABEL} ${INPUTS_LABEL}=${inputs}`];
      await engine.docker(['import', ...labels, archive, COMPLETED_SYSTEM_IMAGE], { within: 120_000 });
      await rm(archive, { force: true });
      return (await engine.expect(COMPLETED_SYSTEM_IMAGE)).id;
    });
  });
}

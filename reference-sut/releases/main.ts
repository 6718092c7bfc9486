// Makes the releases of the reference SUT, as installers find them on the network: a git repository with an old and the
// current NemoClaw, the assets of an old and the current OpenShell, and the image of the old gateway.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { bundle } from '../bundle.cjs';
import { dockerEnvironment } from '../src/shared/docker';
import { reasonOf } from '../src/shared/reason';
import { releasedPrograms, writeAssets } from './assets';
import { layOutOldTree } from './old-tree';
import { CLUSTER_DIGEST, CLUSTER_IMAGE, CURRENT, OLD_VERSION, PACKAGE } from './places';
import { makeRepository } from './repository';

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function currentVersions(): typeof OLD_VERSION {
  const tree = join(CURRENT.nemoclaw, 'package.json');
  if (!existsSync(tree)) throw new Error(`${tree} is not there: compile the reference SUT first`);
  const output = execFileSync(join(CURRENT.openshell, 'openshell'), ['--version'], { encoding: 'utf8' });
  const openshell = /(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (openshell === undefined) throw new Error(`the compiled openshell names no version: ${output}`);
  return { nemoclaw: String(JSON.parse(readFileSync(tree, 'utf8')).version), openshell };
}

function bundleOld(program: 'openshell' | 'openshell-gateway', directory: string): void {
  const source = program === 'openshell' ? 'src/openshell/main.ts' : 'src/gateway/main.ts';
  const define = { OPENSHELL_VERSION: OLD_VERSION.openshell, GATEWAY_KIND: 'container' };
  bundle({ from: join(PACKAGE, source), to: join(directory, program), define });
}

/** The output of a `docker` command, or '' where it fails. */
function tryRun(args: readonly string[]): string {
  const { stdout } = spawnSync('docker', args, { env: dockerEnvironment(), encoding: 'utf8' });
  return (stdout ?? '').trim();
}

function imageId(): string {
  return tryRun(['image', 'inspect', '--format', '{{.Id}}', CLUSTER_IMAGE]);
}

function labelOf(image: string, label: string): string {
  return tryRun(['image', 'inspect', '--format', `{{index .Config.Labels "${label}"}}`, image]);
}

/** The docker CLI of this machine. */
function dockerProgram(): string {
  const candidates = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'docker'));
  const found = candidates.find((file) => existsSync(file));
  if (found === undefined) throw new Error('there is no docker on PATH');
  return found;
}

/** SHA-256 of names and bytes of the files right in a directory. */
function digestOf(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).sort())
    hash.update(`${name}\0`).update(readFileSync(join(directory, name)));
  return hash.digest('hex');
}

/**
 * Builds the old gateway's image, unless it exists with this content: other clones of this machine use it, too.
 * @returns the digest of its content, which its label `phase9.inputs` has
 */
function buildClusterImage(directory: string): string {
  cpSync(join(__dirname, 'cluster'), directory, { recursive: true });
  copyFileSync(dockerProgram(), join(directory, 'docker'));
  const inputs = digestOf(directory).slice(0, 32);
  if (labelOf(CLUSTER_IMAGE, 'phase9.inputs') === inputs) return inputs;
  const labels = ['--label', 'phase9.cache=agent-image', '--label', `phase9.inputs=${inputs}`];
  const before = imageId();
  execFileSync('docker', ['build', '--quiet', '--network', 'none', ...labels, '-t', CLUSTER_IMAGE, directory], {
    env: dockerEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  // The one that had the name before stays where a container still runs from it.
  if (before !== '' && before !== imageId()) tryRun(['image', 'rm', before]);
  return inputs;
}

async function main(): Promise<void> {
  const output = join(PACKAGE, 'dist-releases');
  const next = mkdtempSync(join(PACKAGE, '.dist-releases-'));
  try {
    const current = currentVersions();
    const work = {
      tree: join(next, 'work/nemoclaw'),
      cluster: join(next, 'work/cluster'),
      cli: join(next, 'work/cli'),
    };
    say(`NemoClaw ${OLD_VERSION.nemoclaw} and ${current.nemoclaw} as a git repository`);
    layOutOldTree(work.tree);
    makeRepository(join(next, 'nemoclaw.git'), [
      { version: OLD_VERSION.nemoclaw, tree: work.tree, tags: [`v${OLD_VERSION.nemoclaw}`] },
      { version: current.nemoclaw, tree: CURRENT.nemoclaw, tags: [`v${current.nemoclaw}`, 'latest'] },
    ]);
    say(`OpenShell ${OLD_VERSION.openshell} and ${current.openshell} as release assets`);
    bundleOld('openshell', work.cli);
    await writeAssets(join(next, `openshell/v${OLD_VERSION.openshell}`), releasedPrograms(work.cli, ['openshell']));
    await writeAssets(
      join(next, `openshell/v${current.openshell}`),
      releasedPrograms(CURRENT.openshell, ['openshell', 'openshell-gateway', 'openshell-sandbox']),
    );
    copyFileSync(join(CURRENT.nemoclaw, 'install.sh'), join(next, 'install.sh'));
    say(`the image ${CLUSTER_IMAGE}`);
    bundleOld('openshell-gateway', work.cluster);
    writeFileSync(join(next, CLUSTER_DIGEST), `${buildClusterImage(work.cluster)}\n`);
    rmSync(join(next, 'work'), { recursive: true });
    chmodSync(next, 0o755);
    rmSync(output, { recursive: true, force: true });
    renameSync(next, output);
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`releases: ${reasonOf(error)}\n`);
  process.exitCode = 1;
});

import { readFileSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { runCommand } from './child';
import { BASE_IMAGE, labelled, NODE_IMAGE, SUPPLY } from './definitions';
import type { Engine } from './engine';

const PRUNE = z.strictObject({
  suffixes: z.array(z.string()),
  packageDirectories: z.array(z.string()),
  keepDirectoriesOf: z.array(z.string()),
  versions: z.record(
    z.string(),
    z.strictObject({ paths: z.array(z.string()), onlyEntries: z.record(z.string(), z.array(z.string())) }),
  ),
});
export type PruneRules = z.infer<typeof PRUNE>;

/** npm without its user's settings for other projects. No install scripts: nothing in the images needs them. */
const NPM_CI = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false', '--loglevel=error'];
const NPM_BOUND = 300_000;

/**
 * Installs OpenClaw on this machine as its lock file says, prunes it and packs it. Returns a build context that holds it
 * as openclaw.tar: one file passes to the engine in half the time of its 20 000 members.
 */
export async function installOpenClaw(version: string, work: string, signal: AbortSignal): Promise<string> {
  const directory = await project(`openclaw/${version}`, join(work, `openclaw-${version}`));
  await runCommand('npm', [...NPM_CI, '--omit=dev', '--omit=optional'], { cwd: directory, within: NPM_BOUND, signal });
  const rules = PRUNE.parse(JSON.parse(readFileSync(join(SUPPLY, 'openclaw/prune.json'), 'utf8')));
  await prune(join(directory, 'node_modules'), version, rules);
  const context = join(work, `openclaw-${version}-context`);
  await mkdir(context, { recursive: true });
  const owner = ['--numeric-owner', '--owner=0', '--group=0', '--sort=name'];
  const archive = join(context, 'openclaw.tar');
  await runCommand('tar', [...owner, '-C', directory, '-cf', archive, 'node_modules'], { within: 60_000, signal });
  await rm(directory, { recursive: true, force: true });
  return context;
}

/** Installs the Node binary for the engine's architecture and returns the directory with it, as `node`. */
export async function installNode(architecture: string, work: string, signal: AbortSignal): Promise<string> {
  const cpu = architecture === 'amd64' ? 'x64' : architecture;
  const directory = await project('node', join(work, 'node'));
  await runCommand('npm', [...NPM_CI, '--os=linux', `--cpu=${cpu}`], { cwd: directory, within: NPM_BOUND, signal });
  const context = join(work, 'node-context');
  await mkdir(context, { recursive: true });
  await cp(join(directory, 'node_modules', `node-linux-${cpu}`, 'bin', 'node'), join(context, 'node'));
  await rm(directory, { recursive: true, force: true });
  return context;
}

async function project(definition: string, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) {
    await cp(join(SUPPLY, definition, file), join(directory, file));
  }
  return directory;
}

/** Removes the files that OpenClaw runs without; the rules were tried out for each version. */
export async function prune(nodeModules: string, version: string, rules: PruneRules): Promise<void> {
  const own = rules.versions[version];
  if (own === undefined) throw new Error(`prune.json has no rules for OpenClaw ${version}`);
  const remove = (path: string): Promise<void> => rm(path, { recursive: true, force: true });
  for (const path of own.paths) await remove(join(nodeModules, path));
  for (const [path, kept] of Object.entries(own.onlyEntries)) {
    const directory = join(nodeModules, path);
    for (const entry of await readdir(directory)) if (!kept.includes(entry)) await remove(join(directory, entry));
  }
  await pruneTree(nodeModules, '', rules);
}

/** @param name of the package whose top this directory is, else ''. */
async function pruneTree(directory: string, name: string, rules: PruneRules): Promise<void> {
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) {
      if (rules.suffixes.some((suffix) => entry.name.endsWith(suffix))) await rm(path);
      continue;
    }
    const spare = name === '' || rules.keepDirectoriesOf.includes(name);
    if (!spare && rules.packageDirectories.includes(entry.name)) {
      await rm(path, { recursive: true, force: true });
      continue;
    }
    await pruneTree(path, packageName(path), rules);
  }
}

/** The package whose top `path` is: the last `node_modules/x` or `node_modules/@s/x`, and nothing below it. */
export function packageName(path: string): string {
  return /(?:^|\/)node_modules\/(@[^/]+\/[^/]+|[^@/][^/]*)$/.exec(path)?.[1] ?? '';
}

/** The layer with Node, between the base and OpenClaw. */
export async function buildNode(engine: Engine, context: string, inputs: string): Promise<void> {
  await cp(join(SUPPLY, 'node/Dockerfile'), join(context, 'Dockerfile'));
  const id = await engine.build([...labelled(inputs), '--build-arg', `PARENT=${BASE_IMAGE}`, context]);
  await engine.rename(id, NODE_IMAGE);
}

/** Builds the image of one OpenClaw version and returns its ID; it has no name yet. */
export async function buildOpenClaw(engine: Engine, context: string, inputs: string): Promise<string> {
  await cp(join(SUPPLY, 'openclaw/Dockerfile'), join(context, 'Dockerfile'));
  return engine.build([...labelled(inputs), '--build-arg', `PARENT=${NODE_IMAGE}`, context]);
}

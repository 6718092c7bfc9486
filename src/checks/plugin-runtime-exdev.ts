import path from 'node:path';
import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import { PLUGIN, surroundings } from '../staging/plugin-runtime-exdev';
import type { RenameSeen, Tree } from '../sut/plugin-runtime-exdev';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';

/** A plain rename of the newer version to a place beside the installed plugin. */
async function plainRename(a: AssertionContext, world: Phase9World): Promise<RenameSeen> {
  const { runtime, source, installed } = world.get('plugins');
  return a.see(await runtime.rename(source('newer'), `${installed}-renamed`));
}

/** The plugin's source and the directory of the installed plugins have different device numbers. */
export async function devicesDiffer(a: AssertionContext, world: Phase9World): Promise<void> {
  const { source, target } = await plainRename(a, world);
  a.differs('device of the installed plugins', target, source);
}

/** The kernel refuses the rename with EXDEV. */
export async function plainRenameFails(a: AssertionContext, world: Phase9World): Promise<void> {
  const { ended } = await plainRename(a, world);
  a.equals('how the rename ended', ended, 'EXDEV');
}

/** The replacement ended with 0, and the installed plugin equals its source. */
export async function replacementIsComplete(a: AssertionContext, world: Phase9World): Promise<void> {
  const { runtime, source, installed } = world.get('plugins');
  succeeds(a, world.get('outcome'), 'the replacement');
  sameTree(a, 'the installed plugin', a.see(await runtime.tree(installed)), a.see(await runtime.tree(source('newer'))));
}

/** The agent's output names the plugin, so that there is an output, and mentions no device. */
export function noErrorAboutDevices(a: AssertionContext, world: Phase9World): void {
  const output = printed(a, world.get('outcome'));
  a.includes("the agent's output", output, PLUGIN);
  a.isEmpty('its lines about devices', output.match(/.*(?:EXDEV|cross.?device).*/gi) ?? []);
}

/**
 * A replacement that was killed halfway left the plugin whole or absent; repeated, it ended with 0, and nothing is left
 * of the first one, nor of the version before it: not beside the plugins, not in the agent's state. The other plugin is as it was.
 */
export async function replacementRecovers(a: AssertionContext, world: Phase9World): Promise<void> {
  const plugins = world.get('plugins');
  const { runtime, source, installed, neighbour } = plugins;
  const { before, killed, inBetween, again } = world.get('recovery');
  const { ended, landed } = a.see(killed);
  const newest = a.see(await runtime.tree(source('newest')));
  a.equals('how the first replacement ended', ended, 'killed');
  const files = Object.values(newest ?? {}).filter((kind) => kind !== 'directory').length;
  a.moreThan('files that had landed by then', landed, 0);
  a.moreThan('files of the newest version', files, landed);
  const stood = a.see(inBetween);
  // Never half of both versions: the plugin that was installed is whole, or absent.
  if (stood !== null) sameTree(a, 'the plugin in between', stood, a.see(await runtime.tree(source('newer'))));
  succeeds(a, again, 'the repeated replacement');
  sameTree(a, 'the installed plugin', a.see(await runtime.tree(installed)), newest);
  nothingLeft(a, before, await surroundings(plugins), PLUGIN);
  const state = a.see(await runtime.tree(runtime.state));
  for (const version of [newest, a.see(await runtime.tree(source('newer')))])
    noCopiesBeside(a, state, version, path.relative(runtime.state, installed));
  const other = a.see(await runtime.tree(neighbour));
  sameTree(a, 'the other plugin', other, a.see(await runtime.tree(source('neighbour'))));
}

/** Lines that name where two trees differ. */
export function differences(one: NonNullable<Tree>, other: NonNullable<Tree>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => one[name] !== other[name])
    .sort()
    .map((name) => `${name}: ${one[name] ?? 'absent'} instead of ${other[name] ?? 'absent'}`);
}

/** Both trees exist, and contain the same files, links and directories. At most ten differences are recorded. */
function sameTree(a: AssertionContext, what: string, tree: Tree, source: Tree): void {
  a.isNotEmpty(`entries in the source of ${what}`, Object.keys(source ?? {}).slice(0, 10));
  a.isEmpty(`differences of ${what} from its source`, differences(tree ?? {}, source ?? {}).slice(0, 10));
}

/**
 * What Node itself keeps among temporary files, and an empty directory that the agent is known to keep.
 */
const KNOWN = /^(node-compile-cache(\/.*)?|\.openclaw-install-backups)$/;

/** No place contains afterwards what was not there before, except for `expected` and the files below it. */
function nothingLeft(
  a: AssertionContext,
  before: readonly Observation<Tree>[],
  after: readonly Observation<Tree>[],
  expected: string,
): void {
  const names = (tree: Tree) => new Set(Object.keys(tree ?? {}));
  for (const [index, place] of after.entries()) {
    const was = before[index];
    const known = was === undefined ? new Set<string>() : names(a.see(was));
    const left = [...names(a.see(place))].filter(
      (name) => !known.has(name) && !KNOWN.test(name) && name.split('/')[0] !== expected,
    );
    a.isEmpty(`leftovers in ${place.entry.source}`, left.slice(0, 10));
  }
}

/**
 * No file of a plugin lies in the agent's state except where the plugin is installed. The agent writes many files of
 * its own there, so the plugin's are recognised by their bytes.
 * @param installed the plugin's place, relative to `state`
 */
export function noCopiesBeside(a: AssertionContext, state: Tree, plugin: Tree, installed: string): void {
  const digest = (kind: string) => /^(?:file|program) (?<sha256>[0-9a-f]{64})$/.exec(kind)?.groups?.sha256;
  const digests = new Set(Object.values(plugin ?? {}).flatMap((kind) => digest(kind) ?? []));
  a.moreThan('files in the source of the plugin', digests.size, 0);
  const copies = Object.entries(state ?? {}).flatMap(([name, kind]) =>
    digests.has(digest(kind) ?? '') && !name.startsWith(`${installed}/`) ? [name] : [],
  );
  a.isEmpty("files of the plugin elsewhere in the agent's state", copies.slice(0, 10));
}

import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { tail } from '../sut/host-cli';
import type { Tree } from '../sut/plugin-runtime-exdev';

/** It ended with 0; where not, its last words say more. */
export function ended(a: AssertionContext, what: string, result: CommandResult): void {
  a.equals(`how ${what} ended`, result.ended, 'exited');
  a.equals('its exit status', result.exit, 0);
  if (result.exit !== 0) a.that('its last words', tail(result, 6), 'none of failure', false);
}

/** Where two trees differ, a line each; of a long list the beginning. */
function differences(one: NonNullable<Tree>, other: NonNullable<Tree>): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((path) => one[path] !== other[path])
    .sort()
    .map((path) => `${path}: ${one[path] ?? 'not there'}, and not ${other[path] ?? 'nothing'}`);
}

/** Both are there, and every file, link and directory of the one is in the other. */
export function sameTree(a: AssertionContext, what: string, tree: Tree, source: Tree): void {
  const entries = Object.keys(source ?? {}).length;
  a.that(`entries of ${what}, in its source`, entries, 'some', entries > 0);
  a.isEmpty(`${what}, where it is not as its source`, differences(tree ?? {}, source ?? {}).slice(0, 10), 'the same');
}

/** What Node itself keeps among temporary files, and an empty directory that the agent is known to keep (observed-runtime.md). */
const KNOWN = /^(node-compile-cache(\/.*)?|\.openclaw-install-backups)$/;

/** Nothing is in any of the places afterwards that was not there before, but for what stands below one of `expected`. */
export function nothingLeft(
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
    a.isEmpty(`left in ${place.entry.source}`, left.slice(0, 10), 'nothing that was not there before');
  }
}

/**
 * Nothing of a plugin lies in the agent's state but where it is installed. The agent writes much there that is its own: what is
 * looked for are the plugin's files, by their bytes.
 * @param installed the plugin's place, from `state`
 */
export function noCopiesBeside(a: AssertionContext, state: Tree, plugin: Tree, installed: string): void {
  const digest = (kind: string) => /^(?:file|program) (?<sha256>[0-9a-f]{64})$/.exec(kind)?.groups?.sha256;
  const its = new Set(Object.values(plugin ?? {}).flatMap((kind) => digest(kind) ?? []));
  a.that('files of the plugin, in its source', its.size, 'some', its.size > 0);
  const copies = Object.entries(state ?? {}).flatMap(([name, kind]) =>
    its.has(digest(kind) ?? '') && !name.startsWith(`${installed}/`) ? [name] : [],
  );
  a.isEmpty('files of the plugin elsewhere in the agent’s state', copies.slice(0, 10), 'none');
}

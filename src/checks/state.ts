import type { AssertionContext } from '../evidence/assertion';
import { sha256 } from '../sha256';
import { type StateSeen, stateAfter } from '../staging/state-witnesses';
import type { BackupSeen } from '../sut/durable-state';
import type { Phase9World } from '../world/world';
import { newBackup } from './backup';
import { expectation } from './expectation';

type Seen = StateSeen['seen'];
type One = Seen[string];

/** Whatever the owner keeps in the agent's state is there after the action: kind, permissions and content as before. */
export async function stateIsAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const { seen } = a.see(await stateAfter(world));
  compare(a, world.get('stateBefore'), seen, ({ kind, mode, content }) => ({ kind, mode, content }));
}

/** It belongs to the sandbox's user, who can change it, and add to each directory. */
export async function stateIsWritable(a: AssertionContext, world: Phase9World): Promise<void> {
  const { seen, fixed } = a.see(await stateAfter(world));
  const there = Object.entries(seen);
  a.atLeast('things that the owner keeps in the state', there.length, 1);
  const foreign = there.filter(([, { own }]) => own === false).map(([path]) => path);
  a.isEmpty('state that does not belong to the sandbox’s user', short(foreign, Object.keys(seen)));
  const reasons = Object.entries(fixed).map(([path, reason]) => `${path}: ${reason}`);
  a.isEmpty('state that the sandbox’s user cannot change', reasons.slice(0, 12));
}

/** The new backup contains all of it, with the same content. */
export function stateIsInBackup(a: AssertionContext, world: Phase9World): void {
  const name = newBackup(a, world);
  if (name === undefined) return;
  const backup = a.see(world.own.durable.backup(world.get('sandbox'), name));
  const before = world.get('stateBefore');
  const found = Object.keys(before).map((path) => [path, inBackup(backup, path, world.get('stateRow'))] as const);
  const seen = Object.fromEntries(found.flatMap(([path, one]) => (one === undefined ? [] : [[path, one]])));
  const wanted = ({ kind, content }: One) => ({ kind: kind === 'database' ? 'file' : kind, content });
  compare(a, before, seen, wanted);
}

/** What a backup has of one path of the state; a database counts by the owner's row, which it contains as it is. */
function inBackup({ files, directories, links }: BackupSeen, path: string, row: string): One | undefined {
  const isIt = (one: { readonly path: string }) => one.path === path || one.path.endsWith(`/${path}`);
  const file = files.find(isIt);
  if (file?.bytes.includes(row)) return { kind: 'file', content: "1 of the owner's rows" };
  if (file !== undefined) return { kind: 'file', content: sha256(file.bytes) };
  const link = links.find(isIt);
  if (link !== undefined) return { kind: 'link', content: link.target };
  return directories.some(isIt) ? { kind: 'directory' } : undefined;
}

function compare(a: AssertionContext, before: Seen, now: Seen, asCompared: (one: One) => unknown): void {
  const paths = expectation('what the owner keeps in the state', Object.keys(before));
  const lost = paths.filter((path) => now[path] === undefined);
  a.isEmpty(`lost, of ${paths.length} things that the owner keeps`, short(lost, paths));
  const changed = paths.flatMap((path) => {
    const [was, is] = [before[path], now[path]];
    if (was === undefined || is === undefined) return [];
    const [one, other] = [JSON.stringify(asCompared(was)), JSON.stringify(asCompared(is))];
    return one === other ? [] : [`${path}: ${one} → ${other}`];
  });
  a.isEmpty('changed', changed.slice(0, 12));
}

/** Paths, and in place of all paths below a directory of the state its name. */
function short(paths: readonly string[], all: readonly string[]): string[] {
  const first = (path: string) => path.split('/')[0] ?? path;
  const whole = (directory: string) =>
    all.filter((path) => first(path) === directory).every((path) => paths.includes(path));
  const shown = paths.map((path) => (whole(first(path)) && first(path) !== path ? `all in ${first(path)}` : path));
  return [...new Set(shown)].slice(0, 20);
}

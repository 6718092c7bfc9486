import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import type { FailedReplacement, Failure, Installed } from '../staging/plugin-replacement-failures';
import { NEIGHBOUR, PLUGIN } from '../staging/plugin-runtime-exdev';
import { textOf } from '../sut/host-cli';
import type { Tree } from '../sut/plugin-runtime-exdev';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { expectation } from './expectation';
import { differences } from './plugin-runtime-exdev';

const listSchema = z.looseObject({
  plugins: z.array(z.looseObject({ id: z.string(), version: z.string().nullish(), error: z.string().nullish() })),
});

/** The version of a plugin in the agent's own list, by the plugin's ID; an error of the plugin stands for its version. */
export function listedVersions(stdout: string): Readonly<Record<string, string>> {
  const at = stdout.search(/^\{/m);
  if (at < 0) return {};
  const { plugins } = listSchema.parse(JSON.parse(stdout.slice(at)));
  return Object.fromEntries(plugins.map(({ id, version, error }) => [id, error ?? version ?? 'no version']));
}

/** The version of the plugin in the agent's list, which has to work. */
function listed(a: AssertionContext, what: string, { list }: Installed) {
  const { stdout } = succeeds(a, list, `the agent's list of plugins after ${what}`);
  return listedVersions(textOf(stdout))[PLUGIN] ?? 'absent';
}

/** The version in a tree's source, by the name of the source. */
const VERSIONS = { older: '1.0.0', newer: '2.0.0', newest: '3.0.0' } as const;
type Version = keyof typeof VERSIONS;

async function sourceTree(a: AssertionContext, world: Phase9World, name: Version | 'neighbour'): Promise<Tree> {
  const { runtime, source } = world.get('isolatedPlugins');
  return a.see(await runtime.tree(source(name)));
}

/** The installed plugin is one of these versions, file by file, and the agent lists it as that. */
async function isWhole(
  a: AssertionContext,
  world: Phase9World,
  {
    what,
    state,
    versions,
  }: { readonly what: string; readonly state: Installed; readonly versions: readonly Version[] },
): Promise<void> {
  const tree = a.see(state.plugin) ?? {};
  const found: { readonly version: Version; readonly differing: readonly string[] }[] = [];
  for (const version of versions)
    found.push({ version, differing: differences(tree, (await sourceTree(a, world, version)) ?? {}) });
  const [nearest] = found.sort((one, other) => one.differing.length - other.differing.length);
  if (!nearest) throw new Error('no version is expected: the check would prove nothing');
  const { version, differing } = nearest;
  a.isEmpty(`${differing.length} differences from the ${version} version after ${what}`, differing.slice(0, 10));
  a.equals(`version that the agent lists after ${what}`, listed(a, what, state), VERSIONS[version]);
}

function failures(world: Phase9World, failure: Failure): readonly FailedReplacement[] {
  const found = world.get('failedReplacements').filter((one) => one.failure === failure);
  return expectation(`replacements that fail: ${failure}`, found);
}

/** Each replacement that fails in this way was told as failed, and left the old version whole and usable. */
export async function oldVersionIsWhole(a: AssertionContext, world: Phase9World, failure: Failure): Promise<void> {
  for (const one of failures(world, failure)) {
    a.matches(`how it ended where ${one.name}`, a.see(one.ended), /^exit [1-9]/, 'exit with another status than 0');
    await isWhole(a, world, { what: one.name, state: one, versions: ['older'] });
  }
}

/** Wherever the replacement was killed, the old version or the new one is there afterwards, whole and usable. */
export async function oneVersionIsWhole(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const one of failures(world, 'killed')) {
    a.equals(`how it ended where ${one.name}`, a.see(one.ended), 'killed');
    await isWhole(a, world, { what: one.name, state: one, versions: ['older', 'newer'] });
  }
}

/** One of two replacements at once ended with 0 at least, and one of their versions is there, whole and usable. */
export async function oneOfTwoWins(a: AssertionContext, world: Phase9World): Promise<void> {
  const state = world.get('replacementsAtOnce');
  const exits = state.calls.map((call) => String(a.see(call).exit));
  a.includes('exit statuses of both replacements', exits, '0');
  await isWhole(a, world, { what: 'two replacements at once', state, versions: ['newer', 'newest'] });
}

/**
 * After each of these replacements the other plugin has its files, and the agent lists it. Where the agent lists nothing at
 * all, another assertion tells so.
 */
export async function neighbourIsUntouched(a: AssertionContext, world: Phase9World): Promise<void> {
  const source = (await sourceTree(a, world, 'neighbour')) ?? {};
  const all = [
    ...world.get('failedReplacements'),
    { name: 'two replacements at once', ...world.get('replacementsAtOnce') },
  ];
  for (const one of all) {
    const found = differences(a.see(one.neighbour) ?? {}, source);
    a.isEmpty(`differences of the other plugin where ${one.name}`, found.slice(0, 10));
    const list = a.see(one.list);
    if (list.exit !== 0) continue;
    const version = listedVersions(textOf(list.stdout))[NEIGHBOUR];
    a.equals(`version of the other plugin where ${one.name}`, version, '1.0.0');
  }
}

import path from 'node:path';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { type KilledInstallation, PluginRuntime, type Tree } from '../sut/plugin-runtime-exdev';
import type { Phase9World } from '../world/world';
import { type PluginSource, writePlugin } from './plugin-runtime-exdev-source';
import { SHARED_MEMORY } from './policy-dev-shm';

declare module '../world/scenario-state' {
  interface ScenarioState {
    plugins: StagedPlugins;
    recovery: Recovery;
  }
}

/** IDs of the plugin that is replaced, and of an unrelated one. */
export const PLUGIN = 'phase9-plugin';
export const NEIGHBOUR = 'phase9-neighbour';

/**
 * The sources by the name of their directory: large enough that copying one takes a while, small enough that all of
 * them and a copy fit into the 64 MiB that Docker gives a container's shared memory.
 */
const SOURCES = {
  neighbour: { id: NEIGHBOUR, version: '1.0.0', dependencies: 1, filesEach: 2 },
  older: { id: PLUGIN, version: '1.0.0', dependencies: 20, filesEach: 20 },
  newer: { id: PLUGIN, version: '2.0.0', dependencies: 30, filesEach: 30 },
  newest: { id: PLUGIN, version: '3.0.0', dependencies: 30, filesEach: 30 },
} as const satisfies Record<string, PluginSource>;

/** Plugins in a sandbox: their sources in shared memory, and the installed ones where the agent keeps them. */
export interface StagedPlugins {
  readonly runtime: PluginRuntime;
  /** The directory with the sources, each in a directory of its name. */
  readonly sources: string;
  readonly source: (name: keyof typeof SOURCES) => string;
  /** Directories of the installed plugin and of its neighbour. */
  readonly installed: string;
  readonly neighbour: string;
}

/** A replacement that was killed and repeated, and the installed plugin in between. */
export interface Recovery {
  /** The surroundings of the plugins before. */
  readonly before: readonly Observation<Tree>[];
  readonly killed: Observation<KilledInstallation>;
  readonly inBetween: Observation<Tree>;
  readonly again: Observation<CommandResult>;
}

/** Sources that are installed before anything is replaced. */
const INSTALLED_BEFORE = ['neighbour', 'older'] as const;

/**
 * Unpacks the sources into the sandbox's shared memory, and has the agent install the neighbour and the older version.
 * It installs those two from the device of the installed plugins: an agent that cannot install across devices fails the
 * assertions, not the staging.
 */
export async function stagePlugins(world: Phase9World): Promise<void> {
  const { cli, directory } = world.own;
  const { bounds } = world.profile;
  const made = path.join(directory, 'plugins');
  for (const [name, source] of Object.entries(SOURCES)) writePlugin(path.join(made, name), source);
  const archiveOf = async (...names: readonly string[]) =>
    (await cli.must(cli.run(['tar', '-cz', '-C', made, ...names], { within: bounds.command }))).peek().stdout;
  const sources = `${SHARED_MEMORY}/phase9-plugins`;
  // An installation takes longer than other commands: the agent starts twice for it, the first time with an empty
  // cache.
  const runtime = new PluginRuntime(
    cli,
    { kind: 'sandbox', name: world.get('sandbox') },
    `${SHARED_MEMORY}/phase9-temporary`,
    bounds.onboard,
  );
  const plugins: StagedPlugins = {
    runtime,
    sources,
    source: (name) => `${sources}/${name}`,
    installed: `${runtime.extensions}/${PLUGIN}`,
    neighbour: `${runtime.extensions}/${NEIGHBOUR}`,
  };
  await runtime.unpack(await archiveOf('.'), sources);
  const beside = `${runtime.state}/workspace/phase9-plugins`;
  await runtime.unpack(await archiveOf(...INSTALLED_BEFORE), beside);
  for (const name of INSTALLED_BEFORE) await cli.must(runtime.install(`${beside}/${name}`, beside));
  const [source, installed] = [await runtime.tree(plugins.source('older')), await runtime.tree(plugins.installed)];
  if (installed.peek() === null) throw new Error(`the agent installed no plugin in ${plugins.installed}`);
  world.set({ plugins });
  world.staged('exdev-source-target', {
    source: `${plugins.source('older')}: ${JSON.stringify(source.entry.seen)}`,
    target: `${plugins.installed}: ${JSON.stringify(installed.entry.seen)}`,
    temporary: runtime.temporary,
  });
}

/** The places where leftovers could lie: beside the plugins, beside the sources, among the agent's temporary files. */
export async function surroundings({ runtime, sources }: StagedPlugins): Promise<readonly Observation<Tree>[]> {
  const found: Observation<Tree>[] = [];
  for (const place of [runtime.extensions, sources, runtime.temporary]) found.push(await runtime.tree(place));
  return found;
}

/** Has the agent replace the plugin by the newer version. */
export async function replaceByNewer(world: Phase9World): Promise<void> {
  const { runtime, source } = world.get('plugins');
  world.set({ outcome: await runtime.install(source('newer')) });
}

/** Has the agent replace the plugin by the newest version, kills that halfway, and has it done again. */
export async function killReplacementAndRepeat(world: Phase9World): Promise<void> {
  const plugins = world.get('plugins');
  const { runtime, source, installed } = plugins;
  const before = await surroundings(plugins);
  const killed = await runtime.installAndKill(source('newest'));
  const inBetween = await runtime.tree(installed);
  world.set({ recovery: { before, killed, inBetween, again: await runtime.install(source('newest')) } });
}

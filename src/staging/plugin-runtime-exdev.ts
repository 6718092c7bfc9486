import path from 'node:path';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { type KilledInstallation, PluginRuntime, type Tree } from '../sut/plugin-runtime-exdev';
import type { Phase9World } from '../world/world';
import { type PluginSource, writePlugin } from './plugin-runtime-exdev-source';
import { SHARED_MEMORY } from './policy-dev-shm';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Plugins in a sandbox, and the replacement of one that was killed. */
    plugins: StagedPlugins;
    recovery: Recovery;
  }
}


/** The plugin that is replaced, and another one that has nothing to do with it. */
export const PLUGIN = 'phase9-plugin';
const NEIGHBOUR = 'phase9-neighbour';

/**
 * The sources by the name of their directory. Large enough that copying one takes a while, small enough that all of them and a
 * copy fit into the 64 MiB that Docker gives a container's shared memory.
 */
const SOURCES = {
  neighbour: { id: NEIGHBOUR, version: '1.0.0', dependencies: 1, filesEach: 2 },
  older: { id: PLUGIN, version: '1.0.0', dependencies: 20, filesEach: 20 },
  newer: { id: PLUGIN, version: '2.0.0', dependencies: 30, filesEach: 30 },
  newest: { id: PLUGIN, version: '3.0.0', dependencies: 30, filesEach: 30 },
} as const satisfies Record<string, PluginSource>;

/** Plugins in a sandbox: sources in shared memory, installed ones where the agent has them. */
export interface StagedPlugins {
  readonly runtime: PluginRuntime;
  /** The directory that holds the sources, each below its name. */
  readonly sources: string;
  readonly source: (name: keyof typeof SOURCES) => string;
  /** Where the plugin and its neighbour are installed. */
  readonly installed: string;
  readonly neighbour: string;
}

/** A replacement that was killed, and made again; with what was there in between, and after. */
export interface Recovery {
  /** What stood among the plugins and among the sources before. */
  readonly before: readonly Observation<Tree>[];
  readonly killed: Observation<KilledInstallation>;
  readonly inBetween: Observation<Tree>;
  readonly again: Observation<CommandResult>;
}

/** What stands in the sandbox before anything is replaced. */
const INSTALLED_BEFORE = ['neighbour', 'older'] as const;

/**
 * Puts the sources into the sandbox's shared memory, and has the agent install the neighbour and the older version. Those two from
 * beside the place of the plugins: an agent that cannot install across devices is for the assertions to find.
 */
export async function stagePlugins(world: Phase9World): Promise<void> {
  const { cli, directory } = world.own;
  const { bounds } = world.profile;
  const made = path.join(directory, 'plugins');
  for (const [name, source] of Object.entries(SOURCES)) writePlugin(path.join(made, name), source);
  const archiveOf = async (...names: readonly string[]) =>
    (await cli.must(cli.run(['tar', '-c', '-C', made, ...names], { within: bounds.command }))).peek().stdout;
  const sources = `${SHARED_MEMORY}/phase9-plugins`;
  // An installation is no short command: the agent starts twice for it, the first time with nothing cached.
  const runtime = new PluginRuntime(cli, world.get('sandbox'), `${SHARED_MEMORY}/phase9-temporary`, bounds.onboard);
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

/** Everything that could be left half-made: among the plugins, among the sources, among the agent's temporary files. */
export async function surroundings({ runtime, sources }: StagedPlugins): Promise<readonly Observation<Tree>[]> {
  const found: Observation<Tree>[] = [];
  for (const place of [runtime.extensions, sources, runtime.temporary]) found.push(await runtime.tree(place));
  return found;
}

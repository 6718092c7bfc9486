import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { CommandResult } from '../sut/command';
import { type KillAt, PluginRuntime, type Tree } from '../sut/plugin-runtime-exdev';
import type { Phase9World } from '../world/world';
import { NEIGHBOUR, PLUGIN } from './plugin-runtime-exdev';
import { type PluginSource, writePlugin } from './plugin-runtime-exdev-source';
import { buildSandboxImage } from './sandbox-image';

declare module '../world/scenario-state' {
  interface ScenarioState {
    isolatedPlugins: IsolatedPlugins;
    failedReplacements: readonly FailedReplacement[];
    replacementsAtOnce: ReplacementsAtOnce;
  }
}

const fixture = 'plugin-file-system';
/** The user of a sandbox's commands (contract, “Inside a sandbox”). */
const USER = 'sandbox';
const MIB = 1024 * 1024;
/** Size of the file system of the installed plugins: both of them and two copies fit, and no copy that is too large. */
const ROOM = 24 * MIB;

/** The sources, by the name of their directory. Those that are no plugins lack what the agent looks for first, and last. */
const SOURCES = {
  neighbour: { id: NEIGHBOUR, version: '1.0.0', dependencies: 1, filesEach: 2 },
  older: { id: PLUGIN, version: '1.0.0', dependencies: 20, filesEach: 20 },
  newer: { id: PLUGIN, version: '2.0.0', dependencies: 30, filesEach: 30 },
  newest: { id: PLUGIN, version: '3.0.0', dependencies: 30, filesEach: 30 },
  'too-large': { id: PLUGIN, version: '4.0.0', dependencies: 5, filesEach: 5, padding: 2 * ROOM },
  'no-entry': { id: PLUGIN, version: '5.0.0', dependencies: 5, filesEach: 5, without: 'dist/index.js' },
  'no-manifest': { id: PLUGIN, version: '6.0.0', dependencies: 5, filesEach: 5, without: 'openclaw.plugin.json' },
} as const satisfies Record<string, PluginSource>;
type Source = keyof typeof SOURCES;

/** A container of the image without OpenShell around it, whose installed plugins lie on a small file system of their own. */
export interface IsolatedPlugins {
  readonly runtime: PluginRuntime;
  readonly source: (name: Source) => string;
  readonly installed: string;
  readonly neighbour: string;
  /** Puts back what the agent had before the first replacement. */
  readonly putBack: () => Promise<void>;
}

/** What is installed after a replacement: both plugins' trees, and the agent's own list. */
export interface Installed {
  readonly plugin: Observation<Tree>;
  readonly neighbour: Observation<Tree>;
  readonly list: Observation<CommandResult>;
}

/** One replacement that was to fail, and what was installed afterwards. */
export interface FailedReplacement extends Installed {
  readonly failure: Failure;
  readonly name: string;
  /** How it ended: `exit`, with its status; `killed`; or other words. */
  readonly ended: Observation<string>;
}

/** Two replacements at the same time, and what was installed afterwards. */
export interface ReplacementsAtOnce extends Installed {
  readonly calls: readonly Observation<CommandResult>[];
}

/** Builds the image, starts a container of it without a network, and has the agent install both plugins. */
export async function stageIsolatedPlugins(world: Phase9World): Promise<void> {
  const { cli, isolation, obligations, directory } = world.own;
  const { bounds } = world.profile;
  const name = `${isolation.token}-plugins`;
  const tag = `phase9/${isolation.token}/plugins:fixture`;
  await buildSandboxImage(world, tag);
  const runtime = new PluginRuntime(cli, { kind: 'container', name, user: USER }, '/tmp', bounds.onboard);
  const labels = [`--label=phase9.scenario=${isolation.token}`, `--label=phase9.fixture=${fixture}`];
  await obligations.register({ kind: 'containers', prefix: name }, fixture, async () => {
    const run = cli.run(
      [
        ...(['docker', 'run', '--detach', '--name', name, ...labels, '--pull=never', '--network=none'] as const),
        ...['--user=0', `--tmpfs=${runtime.extensions}:size=${ROOM},mode=755`],
        ...['--entrypoint=sleep', tag, 'infinity'],
      ],
      { within: bounds.command },
    );
    await cli.must(run);
    return `${name} of ${tag}`;
  });
  const own = ['docker', 'exec', '--user', '0', name, 'chown', USER, runtime.extensions] as const;
  await cli.must(cli.run([...own], { within: bounds.command }));
  const sources = `${path.posix.dirname(runtime.state)}/phase9-plugins`;
  const made = path.join(directory, 'plugins');
  for (const [source, content] of Object.entries(SOURCES)) writePlugin(path.join(made, source), content);
  await runtime.unpack(
    (await cli.must(cli.run(['tar', '-cz', '-C', made, '.'], { within: bounds.command }))).peek().stdout,
    sources,
  );
  const script = readFileSync(inRepository('fixtures/plugin-replacement-failures/state.sh'));
  const state = (word: string) =>
    cli.must(runtime.exec(['sh', '-s', word, runtime.state, `${sources}-kept`], 'sandbox', script));
  await state('offline');
  const source = (one: Source) => `${sources}/${one}`;
  for (const one of ['neighbour', 'older'] as const) await cli.must(runtime.install(source(one)));
  await state('keep');
  const installed = `${runtime.extensions}/${PLUGIN}`;
  const device = await runtime.rename(source('newer'), `${installed}-renamed`);
  world.set({
    isolatedPlugins: {
      runtime,
      source,
      installed,
      neighbour: `${runtime.extensions}/${NEIGHBOUR}`,
      putBack: async () => void (await state('back')),
    },
  });
  world.staged(fixture, { image: tag, rename: JSON.stringify(device.peek()), bytes: String(ROOM) });
}

async function lookAt({ runtime, installed, neighbour }: IsolatedPlugins): Promise<Installed> {
  // The agent goes first: it may finish, or take back, what was left.
  const list = await runtime.list();
  return { plugin: await runtime.tree(installed), neighbour: await runtime.tree(neighbour), list };
}

/** The ways in which a replacement fails, by the last part of their IDs. */
export type Failure = 'no-space' | 'not-writable' | 'refused' | 'killed';

type Attempt = (plugins: IsolatedPlugins) => Promise<Observation<string>>;

const killed =
  (when: (plugins: IsolatedPlugins) => KillAt): Attempt =>
  async (plugins) =>
    (await plugins.runtime.installAndKill(plugins.source('newer'), when(plugins))).map(({ ended }) => ended);

const installs =
  (name: Source): Attempt =>
  async ({ runtime, source }) =>
    (await runtime.install(source(name))).map(({ ended, exit }) => (ended === 'exited' ? `exit ${exit}` : ended));

/** Half of the newer version's files. */
const HALF = Math.floor((SOURCES.newer.dependencies * SOURCES.newer.filesEach) / 2);

/** The reasons for which a replacement fails, by their names in the feature. */
const reasons: Readonly<Record<string, readonly [Failure, Attempt]>> = {
  'the newer version does not fit where plugins lie': ['no-space', installs('too-large')],
  'nothing may be written where plugins lie': [
    'not-writable',
    async (plugins) => {
      const { runtime } = plugins;
      await runtime.exec(['chmod', 'a-w', runtime.extensions], 'sandbox');
      const call = await installs('newer')(plugins);
      await runtime.exec(['chmod', 'u+w', runtime.extensions], 'sandbox');
      return call;
    },
  ],
  'the newer version lacks its entry point': ['refused', installs('no-entry')],
  'the newer version lacks its manifest': ['refused', installs('no-manifest')],
  'it is killed when half of the files have landed': ['killed', killed(() => `files:${HALF}`)],
  'it is killed as soon as the installed plugin changes': [
    'killed',
    killed(({ installed }) => `changed:${installed}/package.json`),
  ],
};

/** Has the agent replace the plugin once for each row of a table with the column `because`, each time from the same state. */
export async function replaceInVain(
  world: Phase9World,
  rows: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  const plugins = world.get('isolatedPlugins');
  const failed: FailedReplacement[] = [];
  for (const { because: name = '' } of rows) {
    const [failure, attempt] = reasons[name] ?? [];
    if (!failure || !attempt) throw new Error(`"${name}" is none of: ${Object.keys(reasons).join(', ')}`);
    await plugins.putBack();
    failed.push({ failure, name, ended: await attempt(plugins), ...(await lookAt(plugins)) });
  }
  world.set({ failedReplacements: failed });
}

/** Has the agent replace the plugin by two versions at the same time. */
export async function replaceTwiceAtOnce(world: Phase9World): Promise<void> {
  const plugins = world.get('isolatedPlugins');
  await plugins.putBack();
  const calls = await Promise.all(
    ['newer' as const, 'newest' as const].map((name) => plugins.runtime.install(plugins.source(name))),
  );
  world.set({ replacementsAtOnce: { calls, ...(await lookAt(plugins)) } });
}

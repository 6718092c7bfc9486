import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { agentFile } from '../sut/agent-files';
import { agentFacts } from '../sut/agents';
import { asRootIn, giveToRoot } from '../sut/container-root';
import { engine, imageIdOf } from '../sut/engine';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { cuttingTar } from './cutting-tar';
import { endGateway } from './gateway-process';
import { becomesReady } from './old-sandbox';
import { cachedTag } from './stale-base';

/** Takes an obstacle away again. */
type Clear = () => Promise<void>;

/** Something that stands in the way of a rebuild. */
export interface Obstacle {
  readonly put: (world: Phase9World) => Promise<Clear>;
  /** The command that runs the rebuild. */
  readonly through?: (world: Phase9World) => readonly [string, ...string[]];
}

/** A kind of obstacle: its words in a feature, and its name in records. */
export const obstacles = {
  'unreadable-file': { words: 'an unreadable file', put: (world) => takeAway(world, lastKept(world)) },
  'unreadable-directory': {
    words: 'an unreadable directory',
    put: (world) => takeAway(world, path.posix.join(agentFacts[world.get('agent')].stateDirectory, otherPlace(world))),
  },
  'failing-archive': { words: 'an archive that breaks off', put: (world) => cutArchive(world, 2) },
  'short-archive': { words: 'an archive that silently ends too early', put: (world) => cutArchive(world, 0) },
  'full-disk': { words: 'a full disk', put: nothingToPut, through: onFullDisk },
  'broken-base': { words: 'a base image that cannot be built', put: breakBase },
  'failing-delete': {
    words: 'a delete that fails',
    ...{
      put: nothingToPut,
      through: (world) => withDelete(world, 'failing', "echo 'Error: deadline exceeded' >&2; exit 1"),
    },
  },
  'hollow-delete': {
    words: 'a delete that is accepted and not made',
    ...{ put: nothingToPut, through: (world) => withDelete(world, 'hollow', 'echo "Deleted sandbox $3"; exit 0') },
  },
  'stopped-gateway': { words: 'a gateway that does not run', put: stopGateway },
} as const satisfies Readonly<Record<string, Obstacle & { readonly words: string }>>;
export type ObstacleName = keyof typeof obstacles;

/** The name of the obstacle that a feature calls so. @throws when there is none */
export function obstacleNamed(words: string): ObstacleName {
  const found = (Object.keys(obstacles) as ObstacleName[]).find((name) => obstacles[name].words === words);
  if (found === undefined) throw new Error(`there is no obstacle "${words}"`);
  return found;
}

/** A pattern for the words of all obstacles. */
export const obstacleWords = new RegExp(
  Object.values(obstacles)
    .map(({ words }) => words)
    .join('|'),
);

function lastKept(world: Phase9World): string {
  const { path: file } = world.get('keepsakes').at(-1) ?? world.get('marker');
  return file;
}

/** The state directory of the first keepsake. */
function otherPlace(world: Phase9World): string {
  const { stateDirectory } = agentFacts[world.get('agent')];
  const [first] = world.get('keepsakes');
  return (first?.path ?? '').slice(stateDirectory.length + 1).split('/')[0] ?? '';
}

function inContainer(world: Phase9World, script: string, ...args: string[]): Promise<string> {
  return asRootIn(world.own.cli, world.get('containerBefore'), script, args, world.profile.bounds.command);
}

/** Does something in the container, unless the rebuild removed it. */
async function whereItIs(world: Phase9World, undo: Clear): Promise<void> {
  const container = (await world.sandbox().container()).peek();
  if (container?.id === world.get('containerBefore')) await undo();
}

/** Gives a file or a directory of the sandbox to root, so that nobody else can read it. */
async function takeAway(world: Phase9World, target: string): Promise<Clear> {
  const giveBack = await giveToRoot(world.get('containerBefore'), target);
  return () => whereItIs(world, giveBack);
}

/** Puts before the sandbox's tar one that stops in the middle of every archive that it makes. */
async function cutArchive(world: Phase9World, status: number): Promise<Clear> {
  const tar = await inContainer(world, 'readlink -f "$(command -v tar)"');
  await inContainer(
    world,
    'mv "$1" "$1.whole" && printf %s "$2" >"$1" && chmod 755 "$1"',
    tar,
    cuttingTar(tar, status),
  );
  return () => whereItIs(world, async () => void (await inContainer(world, 'mv "$1.whole" "$1"', tar)));
}

async function nothingToPut(): Promise<Clear> {
  return async () => undefined;
}

/**
 * Runs a command that finds a nearly full disk where the backups lie: a small filesystem in a mount namespace of its own, which goes with
 * the command. Where the kernel allows no such thing, no file may hold more than 96 KiB, which fails in the same place.
 */
function onFullDisk(world: Phase9World): readonly [string, ...string[]] {
  const place = path.dirname(world.own.durable.backupsOf(world.get('sandbox')));
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const script = [
    'own=--mount; [ "$(id -u)" = 0 ] || own="--user --map-root-user --mount"',
    'mount=\'mount -t tmpfs -o size=96k,mode=700 full "$0"\'',
    'if unshare $own sh -c "$mount" "$0" 2>/dev/null; then exec unshare $own sh -c "$mount && exec \\"\\$@\\"" "$0" "$@"; fi',
    'ulimit -f 192 && exec "$@"',
  ].join('\n');
  return ['sh', '-c', script, place];
}

/** Runs a command that finds an `openshell` before the real one, which does something else in place of a delete of a sandbox. */
function withDelete(world: Phase9World, name: string, instead: string): readonly [string, ...string[]] {
  const { directory, environment } = world.own;
  const paths = (environment.PATH ?? '').split(path.delimiter);
  const real = paths.map((one) => path.join(one, 'openshell')).find((one) => existsSync(one));
  if (real === undefined) throw new Error('PATH has no openshell');
  const place = path.join(directory, `${name}-delete`);
  const program = path.join(place, 'openshell');
  mkdirSync(place, { recursive: true });
  const script = ['#!/bin/sh', `[ "$1 $2" = "sandbox delete" ] && { ${instead}; }`, `exec '${real}' "$@"`, ''];
  writeFileSync(program, script.join('\n'), { mode: 0o755 });
  return ['env', `PATH=${[place, ...paths].join(path.delimiter)}`, `NEMOCLAW_OPENSHELL_BIN=${program}`];
}

/** Takes the cached base image out of the engine's tags, and breaks the file that another one would be built from. */
async function breakBase(world: Phase9World): Promise<Clear> {
  const { tree, obligations, isolation } = world.own;
  const fixture = 'broken-base';
  const file = path.join(tree, agentFile(tree, world.get('agent'), 'baseDockerfile'));
  const owed = [
    await obligations.register(fileAsItIs(file), fixture, () => {
      appendFileSync(file, '\nPHASE9 breaks this\n');
      return `${file} of ${readFileSync(file).length} bytes, the last of them no instruction`;
    }),
  ];
  const tag = await cachedTag(world).catch(() => undefined);
  const cached = tag === undefined ? null : await imageIdOf(tag);
  if (tag !== undefined && cached !== null) {
    // Its other tag keeps the image where this one was the last.
    await engine()
      .getImage(cached)
      .tag({ repo: `phase9/${isolation.token}/kept-base`, tag: 'fixture' });
    owed.push(
      await obligations.register({ kind: 'image-tag', tag, before: cached }, fixture, async () => {
        await engine().getImage(tag).remove({ force: false, noprune: true });
        return `no ${tag}`;
      }),
    );
  }
  return async () => {
    for (const id of owed.reverse()) await obligations.restoreNow(id);
  };
}

/** Kills the gateway, which leaves its containers alone; starts it again with the product's own command. */
async function stopGateway(world: Phase9World): Promise<Clear> {
  const { cli } = world.own;
  await endGateway(world, 'SIGKILL');
  return async () => {
    const sandbox = world.get('sandbox');
    await cli.must(cli.nemoclaw([sandbox, 'recover'], { within: world.profile.bounds.command }));
    await becomesReady(world, sandbox);
  };
}

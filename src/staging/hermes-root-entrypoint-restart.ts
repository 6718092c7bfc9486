import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { CommandResult } from '../sut/command';
import { type Health, hermesPlaces } from '../sut/hermes-root-entrypoint';
import type { GatewayProcess } from '../sut/hermes-root-entrypoint-processes';
import type { FileSeen } from '../sut/sandbox';
import type { Phase9World } from '../world/world';
import { START, startHermes } from './hermes-root-entrypoint';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What was seen of Hermes after each further start of its container. */
    hermesRestarts: readonly HermesLife[];
    /** What was left there before each of them, in words: a start that does not come up is the last one. */
    hermesLeftovers: readonly string[];
    /** Files of root that what was left there links to: as they were made, and after each start that came up. */
    hermesVictims: {
      readonly before: Observation<CommandResult>;
      readonly after: readonly Observation<CommandResult>[];
    };
    /** Hermes before and after a second start beside it. */
    secondStart: { readonly before: HermesLife; readonly call: Observation<CommandResult>; readonly after: HermesLife };
  }
}

/** What was seen of Hermes in one life of its container. */
export interface HermesLife {
  /** What the one before left, in words. */
  readonly after: string;
  readonly health: Observation<Health>;
  readonly gateways: Observation<readonly GatewayProcess[]>;
  readonly pidFile: Observation<FileSeen>;
  readonly lock: Observation<FileSeen>;
}

/** Where every release keeps the lock of the running gateway, or what its lock's link leads to. */
const LOCK = path.posix.join(hermesPlaces.home, 'runtime/gateway.lock');
const VICTIMS = '/etc/phase9-left';
/** Seconds that a second start may take: it ends by itself, or is ended. */
const SECOND_START = 20;

const script = inRepository('fixtures/hermes-root-entrypoint/leave.sh');

/** Path of the PID file in the release under test. */
function pidFileOf(world: Phase9World): string {
  return path.posix.join(hermesPlaces.home, world.profile.release.hermes.pidFile);
}

async function look(world: Phase9World, after: string): Promise<HermesLife> {
  const hermes = world.get('hermes');
  const runs = await hermes.runs();
  // Nothing can be asked inside a container that has ended.
  const gateways = runs.peek()
    ? await hermes.gatewayProcesses(world.profile.release.hermes.programs)
    : runs.map((): readonly GatewayProcess[] => []);
  return {
    after,
    health: await hermes.health(),
    gateways,
    pidFile: await hermes.read(pidFileOf(world), 'sandbox'),
    lock: await hermes.read(LOCK, 'sandbox'),
  };
}

/** Kills all processes of the container at once, as a machine that loses power does. */
async function kill(world: Phase9World): Promise<void> {
  const { cli } = world.own;
  const { command: within } = world.profile.bounds;
  await cli.must(cli.run(['docker', 'kill', '--signal', 'KILL', world.get('hermes').name], { within }));
}

/** Kills the container and starts it again, several times. */
export async function killAndStartAgain(world: Phase9World, times: number): Promise<void> {
  const names = Array.from({ length: times }, (_, index) => `kill ${index + 1}`);
  const lives: HermesLife[] = [];
  for (const name of names) {
    await kill(world);
    await startHermes(world);
    lives.push(await look(world, name));
    // A container that has ended cannot be killed.
    if (!(await world.get('hermes').runs()).peek()) break;
  }
  world.set({ hermesRestarts: lives, hermesLeftovers: names });
}

/** What can lie where PID file and lock were, by its name in the feature. */
const leftovers: Readonly<Record<string, string>> = {
  'the number of no process': 'dead',
  'the number of another process': 'other',
  nothing: 'empty',
  'bytes without a form': 'garbage',
  'a link to a file of root': 'link',
  'a link to nowhere': 'dangling',
  'a directory with a file in it': 'directory',
};

/**
 * Kills the container and starts it again, once for each row of a table with the column `in their place`: each time that
 * lies where PID file and lock of the killed gateway were.
 */
export async function killAndLeave(
  world: Phase9World,
  rows: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  const names = rows.map((row) => row['in their place'] ?? '');
  const hermes = world.get('hermes');
  const leave = (user: string, ...args: readonly string[]) =>
    hermes.exec(user, ['sh', '-c', readFileSync(script, 'utf8'), 'leave', ...args], 'sandbox', args.join(' '));
  const { cli } = world.own;
  const before = await cli.must(leave('root', 'victims', VICTIMS));
  const after: Observation<CommandResult>[] = [];
  const lives: HermesLife[] = [];
  for (const name of names) {
    const what = leftovers[name];
    if (what === undefined) throw new Error(`"${name}" is none of: ${Object.keys(leftovers).join(', ')}`);
    await cli.must(leave('gateway', what, VICTIMS, pidFileOf(world), LOCK));
    await kill(world);
    await startHermes(world);
    lives.push(await look(world, name));
    // Nothing can be done inside a container that has ended.
    if (!(await hermes.runs()).peek()) break;
    after.push(await leave('root', 'show', VICTIMS));
  }
  world.set({ hermesRestarts: lives, hermesLeftovers: names, hermesVictims: { before, after } });
}

/** Starts the entry point a second time, as root, beside the Hermes that runs. */
export async function startBeside(world: Phase9World): Promise<void> {
  const hermes = world.get('hermes');
  const before = await look(world, 'the first start');
  const argv = ['timeout', '-k', '2', String(SECOND_START), ...world.get('hermesEntry'), START];
  const call = await hermes.exec('root', argv, 'sandbox');
  world.set({ secondStart: { before, call, after: await look(world, 'a second start') } });
}

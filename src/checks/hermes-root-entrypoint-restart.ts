import type { AssertionContext } from '../evidence/assertion';
import type { HermesLife } from '../staging/hermes-root-entrypoint-restart';
import { textOf } from '../sut/host-cli';
import type { FileSeen } from '../sut/sandbox';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { expectation } from './expectation';
import { GATEWAY_USER } from './hermes-root-entrypoint';

/** Hermes was healthy in this life, and each process of its gateway had the gateway's user and no privilege. */
function wasHealthy(a: AssertionContext, { after, health, gateways }: HermesLife): void {
  a.equals(`status code of Hermes after ${after}`, a.see(health).status, 200);
  const processes = a.see(gateways);
  const commands = processes.map(({ command }) => command);
  a.isNotEmpty(`processes of the gateway after ${after}`, commands);
  for (const { pid, users, rootsGroup, capable } of processes)
    a.equals(
      `users and privilege of process ${pid} after ${after}`,
      [users, rootsGroup || capable],
      [[GATEWAY_USER], false],
    );
}

/** After each further start Hermes was healthy, whatever the one before had left. */
export function isHealthyAfterEach(a: AssertionContext, world: Phase9World): void {
  const lives = expectation('further starts', world.get('hermesRestarts'));
  for (const life of lives) wasHealthy(a, life);
  a.equals(
    'starts',
    lives.map(({ after }) => after),
    world.get('hermesLeftovers'),
  );
}

/** The number in a record of a gateway: JSON, or the number alone. */
export function recordedPid(file: FileSeen): number | null {
  if (!file.there) return null;
  try {
    const record: unknown = JSON.parse(textOf(file.bytes));
    const pid = typeof record === 'object' && record !== null ? (record as { pid?: unknown }).pid : record;
    return typeof pid === 'number' ? pid : null;
  } catch {
    return null;
  }
}

/** After each further start the PID file and the lock name a process of the gateway that runs. */
export function recordsAreCurrent(a: AssertionContext, world: Phase9World): void {
  for (const { after, gateways, pidFile, lock } of expectation('further starts', world.get('hermesRestarts'))) {
    const running = a.see(gateways).map(({ pid }) => pid);
    a.oneOf(`number in the PID file after ${after}`, recordedPid(a.see(pidFile)), running);
    a.oneOf(`number in the lock after ${after}`, recordedPid(a.see(lock)), running);
  }
}

/** The files of root that links led to are as they were made, after each start that came up. */
export function leftLinksWereNotFollowed(a: AssertionContext, world: Phase9World): void {
  const { before, after } = world.get('hermesVictims');
  const files = expectation('files of root', textOf(succeeds(a, before, 'the listing before').stdout));
  for (const listing of expectation('listings of the files of root', after))
    a.equals('files of root', textOf(succeeds(a, listing, 'a listing').stdout), files);
}

/** A second start left the running gateway alone: it is the same process, healthy, with its PID file and its lock. */
export function runningOneIsRespected(a: AssertionContext, world: Phase9World): void {
  const { before, call, after } = world.get('secondStart');
  const numbers = ({ gateways }: HermesLife) => a.see(gateways).map(({ pid }) => pid);
  const running = expectation('the gateway of the first start', numbers(before));
  a.equals('how the second start ended', a.see(call).ended, 'exited');
  wasHealthy(a, after);
  a.equals('numbers of the gateway', numbers(after), running);
  for (const what of ['pidFile', 'lock'] as const) {
    const was = a.see(before[what]);
    a.isTrue(`the ${what} was there before`, was.there);
    a.equals(`the ${what}`, a.see(after[what]), was);
  }
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { onPath } from '../../on-path';
import { until } from '../../sut/until';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import type { Report } from './distribution';
import { askEngine, type EngineAnswer, type EngineBounds } from './engine-answer';
import type { Machine } from './machine';

/** Starts the installed engine, by the service manager where there is one, and waits until it answers. @throws UserError if it does not. */
export async function startEngine(
  machine: Machine,
  report: Report,
  signal: AbortSignal,
  bounds: EngineBounds,
): Promise<EngineAnswer> {
  const { env, engineLog, serviceManager } = machine;
  if (serviceManager !== 'none') {
    const [file, ...args] =
      serviceManager === 'systemd'
        ? (['systemctl', 'start', 'docker'] as const)
        : (['service', 'docker', 'start'] as const);
    report(`starting Docker Engine: ${file} ${args.join(' ')}`);
    const end = await callProgram(file, args, { env, within: bounds.start, signal });
    if (end.status !== 0) throw new UserError(`${file} ${args.join(' ')} failed (${describeEnd(end)}).`);
    const about = () => `${file} reports that docker is started`;
    return awaitAnswer(machine, signal, bounds, { ended: () => undefined, about });
  }
  report(`starting dockerd, log in ${engineLog}`);
  await mountControlGroups(machine, signal);
  for (const [pidFile, program] of PID_FILES) removeDeadPidFile(pidFile, program);
  const ended = startDaemon(machine);
  const about = () => `its log, ${engineLog}, ends:\n${tail(engineLog)}`;
  return awaitAnswer(machine, signal, bounds, { ended, about });
}

/** Starts dockerd, which lives on when set-up ends or is interrupted: in a session of its own, without ties to our streams. @returns how it ended */
function startDaemon({ env, engineLog }: Machine): () => string | undefined {
  mkdirSync(path.dirname(engineLog), { recursive: true, mode: 0o700 });
  const log = openSync(engineLog, 'a', 0o600);
  const child = spawn('dockerd', [], { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (status, killedBy) => {
    ended = status === null ? `killed by ${killedBy}` : `exit status ${status}`;
  });
  child.unref();
  return () => ended;
}

interface Starting {
  /** How the daemon ended, if it did. */
  readonly ended: () => string | undefined;
  /** More for the reader of a failure. */
  readonly about: () => string;
}

/** Polls until the engine answers. @throws UserError when it ended, or the bound is over. */
async function awaitAnswer(
  machine: Machine,
  signal: AbortSignal,
  bounds: EngineBounds,
  { ended, about }: Starting,
): Promise<EngineAnswer> {
  const ask = async () => {
    // Asked once more after the daemon's end: another set-up may have started one at the same moment.
    const over = ended();
    return { over, state: await askEngine(machine, signal, bounds) };
  };
  const look = async () => {
    const seen = await ask();
    return seen.state.answers || seen.over !== undefined ? seen : undefined;
  };
  const wait = { within: bounds.start, every: bounds.poll, signal, orElse: 'give-up' } as const;
  const { over, state } = (await until('Docker Engine to answer', look, wait)) ?? (await ask());
  if (state.answers) return state.engine;
  const what = over === undefined ? `did not answer within ${bounds.start / 1000} s` : `ended at once (${over})`;
  throw new UserError(`dockerd was started but ${what}; docker version: ${state.output}; ${about()}`);
}

/** On a machine without any init the control groups may be unmounted, and dockerd does not mount them itself. */
async function mountControlGroups({ env }: Machine, signal: AbortSignal): Promise<void> {
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '';
  if (/^\S+ \S+ cgroup2? /m.test(mounts) || onPath('cgroupfs-mount', env) === undefined) return;
  await callProgram('cgroupfs-mount', [], { env, within: 20_000, signal });
}

/** Pid files of dockerd and of the containerd that it supervises. */
const PID_FILES = [
  ['/var/run/docker.pid', 'dockerd'],
  ['/var/run/docker/containerd/containerd.pid', 'containerd'],
] as const;

/**
 * Removes a pid file that a killed daemon left, unless its pid belongs to that program: dockerd refuses to start as soon as *any*
 * process has that pid.
 */
export function removeDeadPidFile(pidFile: string, program: string): void {
  if (!existsSync(pidFile)) return;
  const comm = `/proc/${readFileSync(pidFile, 'utf8').trim()}/comm`;
  if (existsSync(comm) && readFileSync(comm, 'utf8').trim() === program) return;
  rmSync(pidFile, { force: true });
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-6).join('\n') : '';
}

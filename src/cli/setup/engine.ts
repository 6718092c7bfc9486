import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../user-error';
import { Interrupted } from '../run-action';
import { aptGet, install, refreshList } from './distribution';
import type { Machine } from './machine';
import { callProgram, type ProgramEnd, toldBy } from './program';

/** The engine that answered. */
export interface EngineAnswer {
  readonly version: string;
  readonly os: string;
  readonly architecture: string;
}

/** Why no engine answered, as far as the CLI's words tell. */
export type EngineSilence = 'no-cli' | 'not-running' | 'forbidden' | 'broken';

export type EngineState =
  | { readonly answers: true; readonly engine: EngineAnswer }
  | { readonly answers: false; readonly why: EngineSilence; readonly said: string };

export interface EngineBounds {
  /** One question to the engine (ms). */
  readonly answer: number;
  /** From dockerd's start until it answers (ms). */
  readonly start: number;
  /** Between two questions while it starts (ms). */
  readonly poll: number;
  /** apt-get update, and apt-get install (ms each). */
  readonly install: number;
}

export const ENGINE_BOUNDS: EngineBounds = { answer: 15_000, start: 60_000, poll: 250, install: 600_000 };

const SERVER = z.object({ Version: z.string(), Os: z.string(), Arch: z.string() });

/** Asks the engine that DOCKER_HOST, a context or the default socket names. */
export async function askEngine(
  machine: Machine,
  signal: AbortSignal,
  bounds: EngineBounds = ENGINE_BOUNDS,
): Promise<EngineState> {
  const end = await callProgram('docker', ['version', '--format', '{{json .Server}}'], {
    env: machine.env,
    within: bounds.answer,
    signal,
  });
  if (end.reason === 'interrupted') throw new Interrupted();
  const server = end.status === 0 ? SERVER.safeParse(parseJson(end.stdout)) : undefined;
  if (server?.success) {
    const { Version, Os, Arch } = server.data;
    return { answers: true, engine: { version: Version, os: Os, architecture: Arch } };
  }
  return { answers: false, why: silence(end), said: toldBy(end, 2) };
}

function silence(end: ProgramEnd): EngineSilence {
  if (end.reason === 'not-found') return 'no-cli';
  if (/permission denied/i.test(end.stderr)) return 'forbidden';
  if (/cannot connect|is the docker daemon running|no such file or directory|connection refused/i.test(end.stderr)) {
    return 'not-running';
  }
  return 'broken';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Makes sure that a Docker Engine answers: uses the one that does, else starts the installed one, else installs the
 * distribution's. An engine that answers is never touched.
 * @param tell what is being done, for the user to see.
 * @throws CommandProblem with what was tried and what to do.
 */
export async function ensureEngine(
  machine: Machine,
  installAllowed: boolean,
  tell: (text: string) => void,
  signal: AbortSignal,
  bounds: EngineBounds = ENGINE_BOUNDS,
): Promise<EngineAnswer> {
  const state = await askEngine(machine, signal, bounds);
  if (state.answers) return state.engine;
  const remote = machine.env.DOCKER_HOST ?? '';
  const refusal = whyNotOurs(state, machine, installAllowed, remote);
  if (refusal !== undefined) throw new UserError(refusal);

  if (!onPath('dockerd', machine.env) || state.why === 'no-cli') await installEngine(machine, tell, signal, bounds);
  const afterInstall = await askEngine(machine, signal, bounds);
  if (afterInstall.answers) return afterInstall.engine;
  return start(machine, tell, signal, bounds);
}

function whyNotOurs(
  state: { readonly why: EngineSilence; readonly said: string },
  machine: Machine,
  installAllowed: boolean,
  remote: string,
): string | undefined {
  const no = `no Docker Engine answers (docker version: ${state.said}).`;
  if (remote !== '')
    return `${no} DOCKER_HOST is ${remote}: start that engine, or unset DOCKER_HOST to use this machine's.`;
  if (state.why === 'forbidden') return `${no} This user may not use it: add it to the group docker, or run as root.`;
  if (state.why === 'broken') return `${no} It is there but does not work; set-up leaves it as it is.`;
  if (!installAllowed)
    return `${no} PHASE9_INSTALL_ENGINE=0 forbids installing or starting one: do it yourself, then run set-up again.`;
  if (!machine.root)
    return `${no} Install docker.io and start it (this needs root), or run set-up as root and it does both.`;
  const installed = onPath('dockerd', machine.env) && state.why !== 'no-cli';
  if (!installed && !machine.debianLike)
    return `${no} Set-up can install one on Debian and Ubuntu only: install Docker Engine, then run set-up again.`;
  return undefined;
}

async function installEngine(
  machine: Machine,
  tell: (text: string) => void,
  signal: AbortSignal,
  bounds: EngineBounds,
): Promise<void> {
  const apt = aptGet(machine, signal, bounds.install);
  tell('no Docker Engine here: installing docker.io with apt-get (PHASE9_INSTALL_ENGINE=0 forbids it)');
  await refreshList(apt, tell);
  // Newer releases have the command apart from the engine.
  const cli = (await callProgram('apt-cache', ['show', 'docker-cli'], { env: machine.env, within: 30_000, signal }))
    .status;
  const packages = ['docker.io', ...(cli === 0 ? ['docker-cli'] : [])];
  const end = await install(apt, packages);
  if (end.status !== 0) {
    throw new UserError(
      `apt-get install ${packages.join(' ')} failed (${toldBy(end, 5)}). Install Docker Engine yourself, then run set-up again.`,
    );
  }
}

async function start(
  machine: Machine,
  tell: (text: string) => void,
  signal: AbortSignal,
  bounds: EngineBounds,
): Promise<EngineAnswer> {
  if (machine.serviceManager !== 'none') {
    const [file, ...args] =
      machine.serviceManager === 'systemd'
        ? (['systemctl', 'start', 'docker'] as const)
        : (['service', 'docker', 'start'] as const);
    tell(`starting Docker Engine: ${file} ${args.join(' ')}`);
    const end = await callProgram(file, args, { env: machine.env, within: bounds.start, signal });
    if (end.status !== 0) throw new UserError(`${file} ${args.join(' ')} failed (${toldBy(end)}).`);
    return answered(
      machine,
      signal,
      bounds,
      () => undefined,
      () => `${file} says that docker is started`,
    );
  }
  tell(`starting dockerd, log in ${machine.engineLog}`);
  await mountControlGroups(machine, signal);
  for (const [pidFile, program] of PID_FILES) forgetDead(pidFile, program);
  mkdirSync(path.dirname(machine.engineLog), { recursive: true, mode: 0o700 });
  const log = openSync(machine.engineLog, 'a', 0o600);
  // A session of its own and no ties to our streams: it has to live on when set-up ends or is interrupted.
  const child = spawn('dockerd', [], { env: machine.env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (status, killed) => {
    ended = status === null ? `killed by ${killed}` : `exit status ${status}`;
  });
  child.unref();
  return answered(
    machine,
    signal,
    bounds,
    () => ended,
    () => `its log, ${machine.engineLog}, ends:\n${tail(machine.engineLog)}`,
  );
}

/**
 * Polls until the engine answers.
 * @param ended how the daemon ended, if it did.
 * @param about what else the reader of a failure should know.
 */
async function answered(
  machine: Machine,
  signal: AbortSignal,
  bounds: EngineBounds,
  ended: () => string | undefined,
  about: () => string,
): Promise<EngineAnswer> {
  const deadline = Date.now() + bounds.start;
  for (;;) {
    // Asked once more after the daemon's end: another set-up may have started one at the same moment.
    const over = ended();
    const state = await askEngine(machine, signal, bounds);
    if (state.answers) return state.engine;
    if (over !== undefined || Date.now() > deadline) {
      const what = over === undefined ? `did not answer within ${bounds.start / 1000} s` : `ended at once (${over})`;
      throw new UserError(`dockerd was started but ${what}; docker version: ${state.said}; ${about()}`);
    }
    await pause(bounds.poll);
  }
}

/** In a machine without any init nobody may have mounted the control groups, and dockerd does not do it itself. */
async function mountControlGroups(machine: Machine, signal: AbortSignal): Promise<void> {
  const mounts = existsSync('/proc/mounts') ? readFileSync('/proc/mounts', 'utf8') : '';
  if (/^\S+ \S+ cgroup2? /m.test(mounts) || !onPath('cgroupfs-mount', machine.env)) return;
  await callProgram('cgroupfs-mount', [], { env: machine.env, within: 20_000, signal });
}

/** Where dockerd and the containerd that it supervises note their pids. */
const PID_FILES = [
  ['/var/run/docker.pid', 'dockerd'],
  ['/var/run/docker/containerd/containerd.pid', 'containerd'],
] as const;

/**
 * Removes a pid file that a killed daemon left when its pid belongs to no such program any more: dockerd refuses to start
 * as soon as *any* process has that pid by now.
 */
export function forgetDead(pidFile: string, program: string): void {
  if (!existsSync(pidFile)) return;
  const comm = `/proc/${readFileSync(pidFile, 'utf8').trim()}/comm`;
  if (existsSync(comm) && readFileSync(comm, 'utf8').trim() === program) return;
  rmSync(pidFile, { force: true });
}

/** Whether PATH holds a program. */
export function onPath(program: string, env: NodeJS.ProcessEnv): boolean {
  return (env.PATH ?? '')
    .split(path.delimiter)
    .some((directory) => directory !== '' && existsSync(path.join(directory, program)));
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-6).join('\n') : '';
}

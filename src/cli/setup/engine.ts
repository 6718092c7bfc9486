import { onPath } from '../../on-path';
import { UserError } from '../../user-error';
import { callProgram, describeEnd } from '../program';
import { aptGet, install, type Report, refreshList } from './distribution';
import { askEngine, ENGINE_BOUNDS, type EngineAnswer, type EngineBounds, type SilentEngine } from './engine-answer';
import { startEngine } from './engine-start';
import type { Machine } from './machine';

/**
 * Makes sure that a Docker Engine answers: uses the one that does, else starts the installed one, else installs the
 * distribution's. An engine that answers is never touched.
 * @throws UserError with what was tried and what to do.
 */
export async function ensureEngine(
  machine: Machine,
  installAllowed: boolean,
  report: Report,
  signal: AbortSignal,
  bounds: EngineBounds = ENGINE_BOUNDS,
): Promise<EngineAnswer> {
  const state = await askEngine(machine, signal, bounds);
  if (state.answers) return state.engine;
  const obstacle = obstacleTo(state, machine, installAllowed);
  if (obstacle !== undefined) {
    throw new UserError(`no Docker Engine answers (docker version: ${state.output}). ${obstacle}`);
  }
  if (!isInstalled(state, machine)) await installEngine(machine, report, signal, bounds);
  const afterInstall = await askEngine(machine, signal, bounds);
  if (afterInstall.answers) return afterInstall.engine;
  return startEngine(machine, report, signal, bounds);
}

const isInstalled = ({ why }: SilentEngine, { env }: Machine) =>
  why !== 'no-cli' && onPath('dockerd', env) !== undefined;

/** Why set-up may not install or start an engine here, and what to do; undefined when it may. */
function obstacleTo(state: SilentEngine, machine: Machine, installAllowed: boolean): string | undefined {
  const remote = machine.env.DOCKER_HOST ?? '';
  if (remote !== '') return `DOCKER_HOST is ${remote}: start that engine, or unset DOCKER_HOST to use this machine's.`;
  if (state.why === 'forbidden') return 'This user may not use it: add it to the group docker, or run as root.';
  if (state.why === 'broken') return 'It is there but does not work; set-up leaves it as it is.';
  if (!installAllowed)
    return 'PHASE9_INSTALL_ENGINE=0 forbids installing or starting one: do it yourself, then run set-up again.';
  if (!machine.root) return 'Install docker.io and start it (this needs root), or run set-up as root and it does both.';
  if (!isInstalled(state, machine) && !machine.debianLike)
    return 'Set-up can install one on Debian and Ubuntu only: install Docker Engine, then run set-up again.';
  return undefined;
}

async function installEngine(
  { env }: Machine,
  report: Report,
  signal: AbortSignal,
  bounds: EngineBounds,
): Promise<void> {
  const apt = aptGet(env, signal, bounds.install);
  report('no Docker Engine here: installing docker.io with apt-get (PHASE9_INSTALL_ENGINE=0 forbids it)');
  await refreshList(apt, report);
  // Newer releases have the command apart from the engine.
  const cli = await callProgram('apt-cache', ['show', 'docker-cli'], { env, within: 30_000, signal });
  const packages = ['docker.io', ...(cli.status === 0 ? ['docker-cli'] : [])];
  const end = await install(apt, packages);
  if (end.status === 0) return;
  const failure = `apt-get install ${packages.join(' ')} failed (${describeEnd(end, 5)})`;
  throw new UserError(`${failure}. Install Docker Engine yourself, then run set-up again.`);
}

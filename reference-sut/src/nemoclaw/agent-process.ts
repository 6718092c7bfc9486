import type { AgentManifest } from './agent-manifest';
import { CommandFailure } from './failure';
import { execIn, lastWords } from './openshell';
import { versionIn } from './version';

/** The agent's version as the sandbox itself says it. @throws CommandFailure when it says none. */
export async function agentVersionInside(sandbox: string, manifest: AgentManifest): Promise<string> {
  const result = await execIn(sandbox, manifest.version_command);
  const version = versionIn(`${result.stdout}\n${result.stderr}`, manifest.version_pattern);
  if (version !== undefined) return version;
  throw new CommandFailure(
    `\`${manifest.version_command.join(' ')}\` in sandbox '${sandbox}' printed no version: ${lastWords(result)}`,
  );
}

/** Starts the agent in the background of its sandbox; a second one is not started while the first runs. */
export async function startAgent(sandbox: string, manifest: AgentManifest): Promise<'started' | 'already running'> {
  // The lock is held by the agent itself for as long as it lives, so that no process has to be looked for by name.
  const script = [
    'exec 9>/tmp/nemoclaw-agent.lock',
    'flock -n 9 || exit 75',
    'setsid "$@" </dev/null >>/tmp/nemoclaw-agent.log 2>&1 &',
    'echo $! >/tmp/nemoclaw-agent.pid',
  ].join('\n');
  const result = await execIn(sandbox, ['sh', '-c', script, 'start-agent', ...manifest.start_command]);
  if (result.status === 0) return 'started';
  if (result.status === 75) return 'already running';
  throw new CommandFailure(`The agent in '${sandbox}' could not be started: ${lastWords(result)}`);
}

/** Ends the agent and its children, so that files can be changed under it. Does nothing where it does not run. */
export async function stopAgent(sandbox: string): Promise<void> {
  // `kill -- -pid` is not known to dash. Who holds the lock is the agent; its pid file counts only while the lock is held, so no reused pid is hit.
  const script = [
    'exec 9>/tmp/nemoclaw-agent.lock',
    'flock -n 9 && exit 0',
    'pid=$(cat /tmp/nemoclaw-agent.pid)',
    'kill -TERM "-$pid"',
    'flock -w 10 9 && exit 0',
    'kill -KILL "-$pid"',
    'flock -w 5 9',
  ].join('\n');
  const result = await execIn(sandbox, ['sh', '-c', script]);
  if (result.status !== 0) throw new CommandFailure(`The agent in '${sandbox}' does not end: ${lastWords(result)}`);
}

import { until } from '../shared/until';
import type { AgentManifest } from './agent-manifest';
import { CommandFailure } from './failure';
import { execIn, lastWords } from './openshell';
import { versionIn } from './version';

/** The version that the agent prints inside its sandbox. @throws CommandFailure when it prints none. */
export async function agentVersionInside(sandbox: string, manifest: AgentManifest): Promise<string> {
  const result = await execIn(sandbox, manifest.version_command);
  const version = versionIn(`${result.stdout}\n${result.stderr}`, manifest.version_pattern);
  if (version !== undefined) return version;
  throw new CommandFailure(
    `\`${manifest.version_command.join(' ')}\` in sandbox '${sandbox}' printed no version: ${lastWords(result)}`,
  );
}

/** Starts the agent in the background of its sandbox, unless one runs already. */
export async function startAgent(sandbox: string, manifest: AgentManifest): Promise<'started' | 'already running'> {
  // The agent itself keeps the lock for as long as it lives, so that no process has to be found by its name.
  const script = [
    'exec 9>/tmp/nemoclaw-agent.lock',
    'flock -n 9 || exit 75',
    '{ setsid "$@" </dev/null >>/tmp/nemoclaw-agent.log 2>&1 & }',
    'echo $! >/tmp/nemoclaw-agent.pid',
  ].join('; '); // OpenShell takes no argument with a line break.
  const result = await execIn(sandbox, ['sh', '-c', script, 'start-agent', ...manifest.start_command]);
  if (result.status === 0) return 'started';
  if (result.status === 75) return 'already running';
  throw new CommandFailure(`The agent in '${sandbox}' could not be started: ${lastWords(result)}`);
}

/** Waits until the agent answers for its health. @throws CommandFailure when it does not within a minute. */
export async function awaitHealthyAgent(sandbox: string, { display_name, health_url }: AgentManifest): Promise<void> {
  const ask = ['curl', '-fsS', '-o', '/dev/null', '--max-time', '5', health_url];
  try {
    await until(
      `${display_name} to answer`,
      async () => ((await execIn(sandbox, ask)).status === 0 ? true : undefined),
      {
        withinMs: 60_000,
        everyMs: 300,
      },
    );
  } catch {
    throw new CommandFailure(`${display_name} in '${sandbox}' did not answer at ${health_url} within 60 s.`);
  }
}

/** Ends the agent and its children, so that files can be changed under it. Does nothing where it does not run. */
export async function stopAgent(sandbox: string): Promise<void> {
  // dash has no `kill -- -pid`. The agent keeps the lock while it lives; the pid file counts only as long, so that no reused
  // pid is hit.
  const script = [
    'exec 9>/tmp/nemoclaw-agent.lock',
    'flock -n 9 && exit 0',
    'pid=$(cat /tmp/nemoclaw-agent.pid)',
    'kill -TERM "-$pid"',
    'flock -w 10 9 && exit 0',
    'kill -KILL "-$pid"',
    'flock -w 5 9',
  ].join('; ');
  const result = await execIn(sandbox, ['sh', '-c', script]);
  if (result.status !== 0) throw new CommandFailure(`The agent in '${sandbox}' does not end: ${lastWords(result)}`);
}

import { lastLines } from './output';
import { runProgram } from './program';

/** The result of a `docker` command. `status` is -1 when a signal ended it. */
export interface DockerResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `docker` command that ended with a non-zero status. The message names the verb, never the other arguments. */
export class DockerError extends Error {
  readonly status: number;
  readonly stderr: string;

  constructor(args: readonly string[], result: DockerResult) {
    const reason = lastLines(result.stderr, 3).join(' ') || `exit status ${result.status}`;
    super(`docker ${args.slice(0, 2).join(' ')} failed: ${reason}`);
    this.name = 'DockerError';
    this.status = result.status;
    this.stderr = result.stderr;
  }
}

const passed = /^(DOCKER_.*|PATH|HOME|USER|LANG|LC_.*|TMPDIR|XDG_.*|SSH_AUTH_SOCK|BUILDKIT_.*|(https?|no)_proxy)$/i;

/**
 * The environment for a `docker` child: what the CLI itself needs, and none of the caller's credentials. It
 * selects the legacy builder unless the caller chose one, because a CLI without buildx has no other.
 */
export function dockerEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => passed.test(name));
  return { DOCKER_BUILDKIT: '0', ...Object.fromEntries(kept) };
}

/**
 * Runs `docker <args>` and returns its result, whatever its status.
 * @throws when the CLI cannot be started at all.
 */
export async function tryDocker(args: readonly string[]): Promise<DockerResult> {
  const { end, stdout, stderr } = await runProgram('docker', args, { env: dockerEnvironment() });
  if (end.how === 'unstarted') throw new Error(`The docker CLI could not be started: ${end.reason}`);
  return { status: end.how === 'exited' ? end.status : -1, stdout, stderr };
}

/**
 * Runs `docker <args>` and returns its standard output, trimmed.
 * @throws {DockerError} when the status is not 0.
 */
export async function docker(args: readonly string[]): Promise<string> {
  const result = await tryDocker(args);
  if (result.status !== 0) throw new DockerError(args, result);
  return result.stdout.trim();
}

import { spawn } from 'node:child_process';

/** What a finished `docker` command left behind. `status` is -1 when a signal ended it. */
export interface DockerResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `docker` command that ended with a non-zero status. The message never holds its arguments' values beyond the verb. */
export class DockerError extends Error {
  readonly status: number;
  readonly stderr: string;

  constructor(args: readonly string[], result: DockerResult) {
    const reason = result.stderr.trim().split('\n').slice(-3).join(' ') || `exit status ${result.status}`;
    super(`docker ${args.slice(0, 2).join(' ')} failed: ${reason}`);
    this.name = 'DockerError';
    this.status = result.status;
    this.stderr = result.stderr;
  }
}

const passed = /^(DOCKER_.*|PATH|HOME|USER|LANG|LC_.*|TMPDIR|XDG_.*|SSH_AUTH_SOCK|BUILDKIT_.*|(https?|no)_proxy)$/i;

/**
 * The environment for a `docker` child: what the CLI itself needs, nothing of the caller's credentials. The legacy
 * builder is asked for unless the caller chose, because a CLI without buildx cannot do otherwise.
 */
export function dockerEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = Object.entries(from).filter(([name]) => passed.test(name));
  return { DOCKER_BUILDKIT: '0', ...Object.fromEntries(kept) };
}

/**
 * Runs `docker <args>` and returns its result, whatever its status.
 * @throws when the CLI cannot be started at all.
 */
export function tryDocker(args: readonly string[], options: { readonly input?: string } = {}): Promise<DockerResult> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { env: dockerEnvironment(), stdio: ['pipe', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => reject(new Error(`The docker CLI could not be started: ${error.message}`)));
    child.on('close', (status) =>
      resolve({
        status: status ?? -1,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
  });
}

/**
 * Runs `docker <args>` and returns its standard output, trimmed.
 * @throws {DockerError} when the status is not 0.
 */
export async function docker(args: readonly string[], options: { readonly input?: string } = {}): Promise<string> {
  const result = await tryDocker(args, options);
  if (result.status !== 0) throw new DockerError(args, result);
  return result.stdout.trim();
}

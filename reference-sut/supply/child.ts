import { spawn } from 'node:child_process';

/** A command that could not be started, ran out of time or ended with another status than 0. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Bound in ms for the whole command. */
  readonly within: number;
  /** Bound in ms for its first line of output: a registry that swallows packets shall not cost the whole bound. */
  readonly firstOutputWithin?: number;
  readonly signal?: AbortSignal;
  /** Called with each complete line that the command writes, stdout and stderr alike. */
  readonly onLine?: (line: string) => void;
  /** Where stdout goes instead of being collected: an open file descriptor. */
  readonly stdoutTo?: number;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command with stdin closed, in a process group of its own that is killed as a whole at the bound.
 * @throws CommandFailure with the last lines of its output.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const shown = [command, ...args].join(' ').slice(0, 200);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', options.stdoutTo ?? 'pipe', 'pipe'],
  });
  let stopped = '';
  const stop = (reason: string): void => {
    stopped ||= reason;
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is gone already: the exit handler reports what it left.
    }
  };
  const bound = setTimeout(() => stop(`did not end within ${seconds(options.within)}`), options.within);
  const silence = options.firstOutputWithin;
  let quiet =
    silence === undefined ? undefined : setTimeout(() => stop(`said nothing for ${seconds(silence)}`), silence);
  const onAbort = (): void => stop('was interrupted');
  options.signal?.addEventListener('abort', onAbort, { once: true });

  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      clearTimeout(quiet);
      quiet = undefined;
      texts[name] = (texts[name] + chunk).slice(-4_000_000);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) options.onLine?.(line);
    });
  }
  try {
    const status = await new Promise<string>((resolve, reject) => {
      child.once('error', (error) => reject(new CommandFailure(`${shown} could not be started: ${error.message}`, '')));
      child.once('close', (code, signal) => resolve(code === null ? `ended by ${signal}` : `exit status ${code}`));
    });
    if (stopped === '' && status === 'exit status 0') return texts;
    const output = `${texts.stderr}\n${texts.stdout}`.trim();
    const tail = output.split('\n').slice(-12).join('\n');
    throw new CommandFailure(`${shown}: ${stopped || status}${tail === '' ? '' : `\n${tail}`}`, output);
  } finally {
    clearTimeout(bound);
    clearTimeout(quiet);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

import { spawn } from 'node:child_process';

/** A program of this machine that set-up calls. */
export interface ProgramCall {
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  /** Bound in ms. */
  readonly within: number;
  readonly signal: AbortSignal;
  /** Called with each line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
  /** Gets SIGTERM and time to tidy up when interrupted, instead of SIGKILL at once (ms). */
  readonly grace?: number;
}

export interface ProgramEnd {
  /** Exit status; null when it was killed or could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no status. */
  readonly reason: 'not-found' | 'timed-out' | 'interrupted' | 'killed' | '';
}

/**
 * Runs a program with stdin closed, in its own process group, and awaits its end; never throws for how it ends. PATH is
 * that of `call.env`.
 */
export async function callProgram(file: string, args: readonly string[], call: ProgramCall): Promise<ProgramEnd> {
  const texts = { stdout: '', stderr: '' };
  const end = (status: number | null, reason: ProgramEnd['reason']): ProgramEnd => ({ status, reason, ...texts });
  if (call.signal.aborted) return end(null, 'interrupted');
  const child = spawn(file, args, {
    cwd: call.cwd,
    env: call.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stopped: ProgramEnd['reason'] = '';
  const kill = (signal: NodeJS.Signals): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  };
  let graceEnds: NodeJS.Timeout | undefined;
  const stop = (reason: ProgramEnd['reason']): void => {
    stopped ||= reason;
    kill(call.grace === undefined ? 'SIGKILL' : 'SIGTERM');
    if (call.grace !== undefined) graceEnds = setTimeout(() => kill('SIGKILL'), call.grace);
  };
  const bound = setTimeout(() => stop('timed-out'), call.within);
  const onAbort = (): void => stop('interrupted');
  call.signal.addEventListener('abort', onAbort, { once: true });
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] = (texts[name] + chunk).slice(-1_000_000);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) call.onLine?.(line);
    });
  }
  try {
    return await new Promise<ProgramEnd>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EACCES') resolve(end(null, 'not-found'));
        else reject(error);
      });
      child.once('close', (status) =>
        resolve(end(stopped === '' ? status : null, stopped || (status === null ? 'killed' : ''))),
      );
    });
  } finally {
    clearTimeout(bound);
    clearTimeout(graceEnds);
    call.signal.removeEventListener('abort', onAbort);
  }
}

/** How a program ended, with the last lines of what it said, for messages. */
export function toldBy(end: ProgramEnd, lines = 8): string {
  const how = end.reason === '' ? `exit status ${end.status}` : end.reason;
  const said = `${end.stderr.trim()}\n${end.stdout.trim()}`.trim().split('\n').slice(-lines).join('\n');
  return said === '' ? how : `${how}: ${said}`;
}

import { execa } from 'execa';
import { Interrupted } from './run-action';

/** A program of this machine that a command calls, and its bounds. */
export interface ProgramCall {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Bound in ms. */
  readonly within: number;
  readonly signal: AbortSignal;
  /** Called with each line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
  /** Time between SIGTERM and SIGKILL, in ms; without it SIGKILL comes at once. */
  readonly grace?: number;
}

/** How a program ended. */
export interface ProgramEnd {
  /** Exit status; null when it was killed or could not be started. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no status. */
  readonly reason: 'not-found' | 'timed-out' | 'killed' | '';
}

/** Longest output that is kept, in characters of each stream: its end, which has the reason of a failure. */
const OUTPUT_BOUND = 1_000_000;

/**
 * Runs a program with stdin closed, in a process group of its own, and awaits its end. PATH is that of `call.env`, else ours. Never throws
 * for how the program ends.
 * @throws Interrupted when `call.signal` aborts, once the group has been killed.
 */
export async function callProgram(file: string, args: readonly string[], call: ProgramCall): Promise<ProgramEnd> {
  const { cwd, env = process.env, within, signal, onLine, grace } = call;
  if (signal.aborted) throw new Interrupted();
  const child = execa(file, [...args], {
    ...(cwd !== undefined && { cwd }),
    env,
    extendEnv: false,
    detached: true,
    reject: false,
    buffer: false,
    stdin: 'ignore',
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] = (texts[name] + chunk).slice(-OUTPUT_BOUND);
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    });
  }
  let timedOut = false;
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child.pid, grace === undefined ? 'SIGKILL' : 'SIGTERM');
    if (grace !== undefined) killing ??= setTimeout(() => signalGroup(child.pid, 'SIGKILL'), grace);
  };
  const bound = setTimeout(() => {
    timedOut = true;
    stop();
  }, within);
  signal.addEventListener('abort', stop, { once: true });
  const result = await child;
  clearTimeout(bound);
  clearTimeout(killing);
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new Interrupted();
  const end = (status: number | null, reason: ProgramEnd['reason']): ProgramEnd => ({ status, reason, ...texts });
  if (timedOut) return end(null, 'timed-out');
  if (result.exitCode !== undefined) return end(result.exitCode, '');
  if (result.signal !== undefined) return end(null, 'killed');
  if (result.code === 'ENOENT' || result.code === 'EACCES') return end(null, 'not-found');
  throw result;
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** How a program ended, with the last lines of its output, for messages. */
export function describeEnd({ status, reason, stdout, stderr }: ProgramEnd, lines = 8): string {
  const how = reason === '' ? `exit status ${status}` : reason;
  const output = `${stderr.trim()}\n${stdout.trim()}`.trim().split('\n').slice(-lines).join('\n');
  return output === '' ? how : `${how}: ${output}`;
}

/** How a program in the foreground ended. */
export interface ForegroundEnd {
  readonly exitCode: number | undefined;
  /** The signal that killed it. */
  readonly killedBy: string | undefined;
}

/**
 * Runs a Node program on our own streams. A terminal sends Ctrl-C to the whole process group; an abort of `signal` is passed on as SIGTERM.
 * Either way the program's end is awaited, however long its restore takes: execa would kill it after five seconds.
 */
export async function runInForeground(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<ForegroundEnd> {
  const child = execa(process.execPath, [...args], {
    ...options,
    stdio: 'inherit',
    reject: false,
    forceKillAfterDelay: false,
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const { exitCode, signal: killedBy } = await child;
  return { exitCode, killedBy };
}

import { spawn } from 'node:child_process';
import { reasonOf } from './reason';

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The program's stdin; empty without it. */
  readonly input?: string;
  /** Where stdout goes instead of being collected: an open file descriptor. */
  readonly stdoutTo?: number;
  /** Bound in ms for the whole program. */
  readonly within?: number;
  /** Bound in ms for its first output: a registry that swallows packets must not cost the whole bound. */
  readonly firstOutputWithin?: number;
  readonly signal?: AbortSignal | undefined;
  /** The program leads a process group, and the group is killed as a whole. A terminal's Ctrl-C does not reach it then. */
  readonly ownGroup?: boolean;
  /** Called with each complete line that the program writes, to stdout or stderr. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended: by itself, by a signal from elsewhere, killed by us, or not even started. */
export type ProgramEnd =
  | { readonly how: 'exited'; readonly status: number }
  | { readonly how: 'signalled'; readonly signal: string }
  | { readonly how: 'stopped'; readonly why: 'bound' | 'silence' | 'abort' }
  | { readonly how: 'unstarted'; readonly reason: string };

export interface ProgramResult {
  readonly end: ProgramEnd;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, or kills it at a bound. Never rejects: each way to end is a result. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { within, firstOutputWithin, signal, ownGroup = false } = options;
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      env: options.env,
      cwd: options.cwd,
      detached: ownGroup,
      stdio: ['pipe', options.stdoutTo ?? 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    let stopped: ProgramEnd | undefined;
    const stop = (why: 'bound' | 'silence' | 'abort'): void => {
      stopped ??= { how: 'stopped', why };
      try {
        if (ownGroup && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // The group is gone already; `close` reports what it left.
      }
    };
    const after = (ms: number | undefined, why: 'bound' | 'silence'): NodeJS.Timeout | undefined =>
      ms === undefined ? undefined : setTimeout(() => stop(why), ms);
    const bound = after(within, 'bound');
    const silence = after(firstOutputWithin, 'silence');
    const onAbort = (): void => stop('abort');
    signal?.addEventListener('abort', onAbort, { once: true });
    const finish = (end: ProgramEnd): void => {
      clearTimeout(bound);
      clearTimeout(silence);
      signal?.removeEventListener('abort', onAbort);
      resolve({ end: stopped ?? end, ...texts });
    };
    for (const name of ['stdout', 'stderr'] as const) {
      let rest = '';
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        clearTimeout(silence);
        texts[name] += chunk;
        if (options.onLine === undefined) return;
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) options.onLine(line);
      });
    }
    child.on('error', (error) => finish({ how: 'unstarted', reason: reasonOf(error) }));
    child.on('close', (status, by) =>
      finish(status === null ? { how: 'signalled', signal: String(by) } : { how: 'exited', status }),
    );
    // A program that ends before it read its input is judged by its status, not by the broken pipe.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input ?? '');
  });
}

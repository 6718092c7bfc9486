import { spawn } from 'node:child_process';

export interface RunResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Bound in ms; the process is killed at its end and the status is 124, as with timeout(1). */
  readonly within?: number;
  /** Called with each chunk of output as it comes, stdout and stderr alike. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a program to its end. Never throws for a non-zero exit: a missing program is status 127, a timeout 124. */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { env: options.env, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let timedOut = false;
    const timer =
      options.within === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.within);
    const finish = (status: number, note = ''): void => {
      clearTimeout(timer);
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() + note });
    };
    child.stdout.on('data', (chunk: Buffer) => {
      out.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err.push(chunk);
      options.onOutput?.(chunk.toString());
    });
    child.on('error', (error) => finish(127, `${file}: ${error.message}`));
    child.on('close', (code, signal) => {
      if (timedOut) finish(124, `${file}: no end within ${options.within} ms`);
      else finish(code ?? 128, signal === null ? '' : `${file}: ended by ${signal}`);
    });
    // A program that ends before it read its input is judged by its status, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
  });
}

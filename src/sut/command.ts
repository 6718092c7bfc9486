import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stopGroup } from './process-group';
import { sutTime } from './sut-time';

/** What to run, and within which bound. */
export interface CommandRequest {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Fed to standard input, which is closed otherwise. */
  readonly input?: string | Buffer;
  /** Bound in ms; at its end the whole process group is killed, and its end awaited. */
  readonly within: number;
  readonly signal: AbortSignal;
  /** Called with the pid of its process group, which is its own, as soon as it runs. */
  readonly started?: (group: number) => void;
  /** Directory for the output files: output goes to files, not pipes, so a daemon that keeps them open cannot delay the command. */
  readonly logs: string;
}

/** How a command ended. */
export interface CommandResult {
  readonly argv: readonly string[];
  /** Exit status; null when a signal ended it or it could not be started. */
  readonly exit: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ms: number;
  readonly ended: 'exited' | 'timed-out' | 'aborted' | 'signalled' | 'not-started';
  /** Why it could not be started, or the signal. */
  readonly reason: string | null;
}

let sequence = 0;

/**
 * Runs a command in its own process group and waits for its end, or for the end of its whole group when the bound is
 * reached or the signal aborts. Never throws for what the command does.
 */
export async function runCommand(request: CommandRequest): Promise<CommandResult> {
  mkdirSync(request.logs, { recursive: true });
  sequence += 1;
  const stem = path.join(request.logs, `${process.pid}-${String(sequence).padStart(4, '0')}`);
  const out = openSync(`${stem}.out`, 'w+', 0o600);
  const err = openSync(`${stem}.err`, 'w+', 0o600);
  const started = Date.now();
  const clock = sutTime.begin();
  let ended: CommandResult['ended'] = 'exited';
  let stop: Promise<void> | undefined;
  try {
    const { execa } = require('execa') as typeof import('execa');
    const [file, ...args] = request.argv;
    const options = {
      cwd: request.cwd,
      env: defined(request.env),
      extendEnv: false,
      reject: false,
      buffer: false,
      detached: true,
      // Any open descriptor will do; the types of execa know those from 3 to 9 only.
      stdout: out as 3,
      stderr: err as 3,
    } as const;
    const child =
      request.input === undefined
        ? execa(file, [...args], { ...options, stdin: 'ignore' })
        : execa(file, [...args], { ...options, input: request.input });
    const halt = (why: 'timed-out' | 'aborted') => {
      if (stop || child.pid === undefined) return;
      ended = why;
      stop = stopGroup(child.pid);
    };
    const onAbort = () => halt('aborted');
    if (request.signal.aborted) onAbort();
    request.signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(() => halt('timed-out'), request.within);
    if (child.pid !== undefined) request.started?.(child.pid);
    const result = await child;
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onAbort);
    await stop;
    const exit = result.exitCode ?? null;
    if (ended === 'exited' && exit === null) ended = result.signal === undefined ? 'not-started' : 'signalled';
    return {
      argv: request.argv,
      exit: ended === 'exited' ? exit : null,
      stdout: readFileSync(`${stem}.out`),
      stderr: readFileSync(`${stem}.err`),
      startedAt: new Date(started).toISOString(),
      finishedAt: new Date().toISOString(),
      ms: Date.now() - started,
      ended,
      reason: ended === 'not-started' ? (result.originalMessage ?? 'could not be started') : (result.signal ?? null),
    };
  } finally {
    clock.end();
    closeSync(out);
    closeSync(err);
  }
}

function defined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** How a result ended, in words, for messages. */
export function endedHow(result: CommandResult): string {
  switch (result.ended) {
    case 'exited':
      return `exit status ${result.exit}`;
    case 'timed-out':
      return `killed with its process group after its bound of ${Math.round(result.ms / 1000)} s`;
    case 'aborted':
      return 'killed with its process group because the run was interrupted';
    case 'signalled':
      return `ended by ${result.reason}`;
    case 'not-started':
      return `not started: ${result.reason}`;
  }
}

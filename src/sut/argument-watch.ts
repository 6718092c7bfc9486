import { readdirSync, readFileSync } from 'node:fs';
import { Observation } from '../evidence/observation';
import { credentialsIn } from '../secrets/redact';

/** Time between two looks, in ms: programs that get arguments live longer. */
const EVERY_MS = 10;
/** A process that forked changes its arguments when it executes a program: a new one is looked at in so many looks that follow. */
const LOOKS = 4;
/** Every so many looks all processes are looked at: some rewrite their arguments, or execute another program. */
const ALL_EVERY = 25;

/** What was seen in this machine's list of processes. */
export interface ArgumentsSeen {
  readonly processes: number;
  /** Programs of the processes whose arguments contained one of the secrets. */
  readonly withSecret: readonly string[];
}

/** Watches the arguments of every process of this machine, as any user of it can, for secrets. */
class ArgumentWatch {
  private readonly startedAt = new Date().toISOString();
  private readonly looked = new Map<string, number>();
  private readonly found = new Set<string>();
  private processes = 0;
  private looks = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly secrets: readonly string[]) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  private look(): void {
    const all = this.looks % ALL_EVERY === 0;
    this.looks += 1;
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const times = this.looked.get(pid) ?? 0;
      if (times === 0) this.processes += 1;
      if (times >= LOOKS && !all) continue;
      this.looked.set(pid, times + 1);
      this.lookAt(pid);
    }
  }

  private lookAt(pid: string): void {
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`);
      // Only the staged ones: in what else runs on this machine anything may look like a credential.
      const staged = credentialsIn(argv, this.secrets).filter((kind) => kind.startsWith('a staged canary'));
      for (const kind of staged) this.found.add(`${argv.toString('utf8').split('\0')[0]}: ${kind}`);
    } catch {
      // It has ended meanwhile.
    }
  }

  /** Ends the watch. */
  stop(): Observation<ArgumentsSeen> {
    clearInterval(this.timer);
    this.look();
    const seen = { processes: this.processes, withSecret: [...this.found].sort() };
    return new Observation(seen, {
      boundary: 'host-cli',
      kind: 'directory',
      source: `/proc/*/cmdline, every ${EVERY_MS} ms`,
      startedAt: this.startedAt,
      finishedAt: new Date().toISOString(),
      seen: { looks: this.looks, processes: seen.processes, withSecret: seen.withSecret.join('; ') },
    });
  }
}

/** Watches the arguments of all processes for these secrets while something runs. */
export async function watchingArguments<T>(
  secrets: readonly string[],
  run: () => Promise<T>,
): Promise<readonly [T, Observation<ArgumentsSeen>]> {
  const watch = new ArgumentWatch(secrets);
  let seen: Observation<ArgumentsSeen> | undefined;
  try {
    const result = await run();
    seen = watch.stop();
    return [result, seen];
  } finally {
    if (seen === undefined) watch.stop();
  }
}

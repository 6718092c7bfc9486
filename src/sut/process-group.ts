import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until';

/** Seconds a group has between SIGTERM and SIGKILL. */
const GRACE_MS = 3000;

function signalGroup(pgid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pgid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends a process group: SIGTERM, then SIGKILL, and returns when none of it is left. */
export async function stopGroup(pgid: number): Promise<void> {
  if (!signalGroup(pgid, 'SIGTERM')) return;
  const left = await until('the process group to end', async () => !signalGroup(pgid, 0), {
    within: GRACE_MS,
    orElse: 'give-up',
  });
  if (left) return;
  signalGroup(pgid, 'SIGKILL');
  await until('the killed process group to be gone', async () => !signalGroup(pgid, 0), { within: 10_000 });
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); undefined when there is none, or only its zombie. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** Identity of the running kernel boot: a pid means nothing across boots. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Processes whose environment holds the exact entry `entry` (NAME=value), this one excepted. Those of other users are not seen. */
export function processesWith(entry: string): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(entry)) found.push(pid);
    } catch {
      // gone meanwhile, or not ours to read
    }
  }
  return found.filter((pid) => startTimeOf(pid) !== undefined);
}

/** Ends every process that {@link processesWith} finds; new ones that those start meanwhile included. */
export async function stopProcessesWith(entry: string): Promise<number> {
  const seen = new Set<number>();
  const signal = (name: NodeJS.Signals) => {
    const pids = processesWith(entry);
    for (const pid of pids) {
      seen.add(pid);
      try {
        process.kill(pid, name);
      } catch {
        // ended by itself
      }
    }
    return pids.length === 0;
  };
  if (signal('SIGTERM')) return 0;
  const ended = await until('the scenario’s processes to end', async () => processesWith(entry).length === 0, {
    within: GRACE_MS,
    orElse: 'give-up',
  });
  if (!ended)
    await until('the scenario’s killed processes to be gone', async () => signal('SIGKILL'), { within: 10_000 });
  return seen.size;
}

import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until';

/** Time that a group has between SIGTERM and SIGKILL, in ms. */
const GRACE_MS = 3000;

/** The fields of /proc/<pid>/stat behind the command's name, the state first; undefined when there is no such process. */
function statOf(pid: number | string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

const ended = (state: string | undefined) => state === undefined || state === 'Z' || state === 'X';

/** Whether a process of the group lives. A zombie does not: it waits for a parent that may never look. */
function groupLives(pgid: number): boolean {
  return readdirSync('/proc').some((name) => {
    const [state, , group] = /^\d+$/.test(name) ? (statOf(name) ?? []) : [];
    return group === String(pgid) && !ended(state);
  });
}

function signalGroup(pgid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pgid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Kills a process group at once; does nothing where none of it lives. */
export function killGroup(pgid: number): void {
  signalGroup(pgid, 'SIGKILL');
}

/** Ends a process group: SIGTERM, then SIGKILL, and returns when none of it lives. */
export async function stopGroup(pgid: number): Promise<void> {
  signalGroup(pgid, 'SIGTERM');
  const gone = async () => !groupLives(pgid);
  if (await until('the process group to end', gone, { within: GRACE_MS, orElse: 'give-up' })) return;
  signalGroup(pgid, 'SIGKILL');
  await until('the killed process group to be gone', gone, { within: 10_000 });
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/<pid>/stat); undefined when there is none, or only its zombie. */
export function startTimeOf(pid: number): string | undefined {
  const fields = statOf(pid);
  return ended(fields?.[0]) ? undefined : fields?.[19];
}

/** Identity of the running kernel boot: a pid means nothing across boots. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** Processes whose environment contains the exact entry `entry` (NAME=value), this one excepted. Those of other users are not seen. */
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

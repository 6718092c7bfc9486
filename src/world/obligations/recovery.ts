import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { stopProcessesWith } from '../../sut/process-group';
import { minutes, until } from '../../sut/until';
import { Journal } from './journal';
import { describe } from './obligation';
import { alive } from './owner';
import { restore } from './restore';

export interface Restored {
  readonly journal: string;
  readonly run: string;
  readonly scenario: string;
  /** What was restored, or found restored already. */
  readonly done: readonly string[];
  /** What could not be restored, and the reason; it stays in the journal. */
  readonly failed: readonly string[];
}

/** Restores everything that is open in `journal`, the latest mutation first; a failed one is kept and does not stop the others. */
export async function restoreJournal(journal: Journal): Promise<Pick<Restored, 'done' | 'failed'>> {
  const done: string[] = [];
  const failed: string[] = [];
  await endProcesses(journal);
  for (const entry of journal.open) {
    try {
      const { changed, saw } = await restore(entry.obligation);
      journal.restored(entry.id, changed, saw);
      done.push(describe(entry.obligation));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      journal.refused(entry.id, reason);
      failed.push(`${describe(entry.obligation)}: ${reason}`);
    }
  }
  return { done, failed };
}

/** A process that still runs could make again what was just removed: it ends before anything is restored. */
async function endProcesses(journal: Journal): Promise<void> {
  for (const { obligation } of journal.open) {
    // One that does not end is refused with its reason when its turn comes.
    if (obligation.kind === 'processes') await stopProcessesWith(obligation.entry).catch(() => undefined);
  }
}

/** A lock that was not renewed for so long belongs to a process that died, in ms. */
const STALE = 10_000;

/** How long another restore may hold one journal before this one reports it and goes on, in ms. */
const PATIENCE = minutes(2);

/**
 * Finishes the journals in `directory` whose owner is dead, and only those; two restores at once do not meet in one journal: the
 * second waits, and finds what the first left of it.
 * @returns one entry for each journal that was finished, or that could not be.
 */
export async function restoreDead(directory: string): Promise<Restored[]> {
  removeStaleLocks(path.join(path.dirname(directory), 'locks'));
  const results: Restored[] = [];
  for (const file of Journal.filesIn(directory)) {
    try {
      if (isUnderWay(Journal.read(file))) continue;
      const release = await held(file);
      try {
        const journal = Journal.takeOver(file);
        const { done, failed } = await restoreJournal(journal);
        journal.close();
        results.push({ journal: file, run: journal.run, scenario: journal.scenario, done, failed });
      } finally {
        await release();
      }
    } catch (error) {
      // Finished by another restore meanwhile.
      if (!existsSync(file)) continue;
      const reason = error instanceof Error ? error.message : String(error);
      results.push({ journal: file, run: '', scenario: '', done: [], failed: [reason] });
    }
  }
  return results;
}

/** Whether the journal's owner is still alive, and restores by itself. */
export function isUnderWay({ owner }: Journal): boolean {
  return owner !== undefined && alive(owner);
}

/** The lock of a process that died stays as a directory; it is free once nobody has renewed it for ten seconds. */
function removeStaleLocks(directory: string): void {
  if (!existsSync(directory)) return;
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.lock'))) {
    const lock = path.join(directory, name);
    const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > STALE) rmSync(lock, { recursive: true, force: true });
  }
}

/** Waits for a restore that has `file` in hand; the lock of one that was killed is free after ten seconds. @returns the release */
async function held(file: string): Promise<() => Promise<void>> {
  const release = await until(
    `${file}, which another restore has in hand`,
    () =>
      lockfile.lock(file, { stale: STALE }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ELOCKED') return undefined;
        throw error;
      }),
    { within: PATIENCE, every: 200 },
  );
  return async () => release?.();
}

import { existsSync } from 'node:fs';
import lockfile from 'proper-lockfile';
import { stopProcessesWith } from '../../sut/process-group';
import { minutes, until } from '../../sut/until';
import { restore } from './restore';
import { Journal } from './journal';
import { describe } from './obligation';
import { alive } from './owner';

export interface Restored {
  readonly journal: string;
  readonly run: string;
  readonly scenario: string;
  /** What was put back or found to be in order already. */
  readonly done: readonly string[];
  /** What could not be put back, and why; it stays in the journal. */
  readonly failed: readonly string[];
}

/** Puts back everything that `journal` still owes, the latest first; one that fails is kept and does not stop the others. */
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

/** What still runs could make anew what was just removed: it ends before anything is put back. */
async function endProcesses(journal: Journal): Promise<void> {
  for (const { obligation } of journal.open) {
    // One that does not end is refused with its reason when its turn comes.
    if (obligation.kind === 'processes') await stopProcessesWith(obligation.entry).catch(() => undefined);
  }
}

/** How long another restore may take over one journal before this one says so and goes on, in ms. */
const PATIENCE = minutes(2);

/**
 * Finishes the journals in `directory` whose owner is dead, and only those; two restores at once do not meet in one journal: the
 * second waits, and finds what the first left of it.
 * @returns one entry for each journal that was finished, or that could not be.
 */
export async function restoreDead(directory: string): Promise<Restored[]> {
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

/** Tells whether the one who owes is still there to put it back. */
export function isUnderWay({ owner }: Journal): boolean {
  return owner !== undefined && alive(owner);
}

/** Waits for a restore that has `file` in hand; the lock of one that was killed is free after ten seconds. @returns the release */
async function held(file: string): Promise<() => Promise<void>> {
  const release = await until(
    `${file}, which another restore has in hand`,
    () =>
      lockfile.lock(file, { stale: 10_000 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ELOCKED') return undefined;
        throw error;
      }),
    { within: PATIENCE, every: 200 },
  );
  return async () => release?.();
}

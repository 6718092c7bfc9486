import lockfile from 'proper-lockfile';
import { Journal } from './journal';
import { describe, discharge } from './kinds';
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
export async function dischargeAll(journal: Journal): Promise<Pick<Restored, 'done' | 'failed'>> {
  const done: string[] = [];
  const failed: string[] = [];
  for (const entry of journal.open) {
    try {
      const { changed, saw } = await discharge(entry.obligation);
      journal.discharged(entry.id, changed, saw);
      done.push(describe(entry.obligation));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      journal.refused(entry.id, reason);
      failed.push(`${describe(entry.obligation)}: ${reason}`);
    }
  }
  return { done, failed };
}

/**
 * Finishes the journals in `directory` whose owner is dead, and only those; two restores at once do not meet in one journal.
 * @returns one entry for each journal that was finished, or that could not be.
 */
export async function restoreDead(directory: string): Promise<Restored[]> {
  const results: Restored[] = [];
  for (const file of Journal.filesIn(directory)) {
    const release = await lockfile.lock(file, { stale: 10_000, retries: 0 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ELOCKED' || error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!release) continue;
    try {
      const journal = readOrExplain(file, results);
      if (!journal) continue;
      if (journal.owner && alive(journal.owner)) {
        journal.release();
        continue;
      }
      const { done, failed } = await dischargeAll(journal);
      journal.close();
      results.push({ journal: file, run: journal.run, scenario: journal.scenario, done, failed });
    } finally {
      await release().catch(() => undefined);
    }
  }
  return results;
}

function readOrExplain(file: string, results: Restored[]): Journal | undefined {
  try {
    return Journal.read(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    results.push({ journal: file, run: '', scenario: '', done: [], failed: [reason] });
    return undefined;
  }
}

import { type Entry, Journal } from './journal';
import type { Obligation } from './obligation';
import { restoreJournal } from './recovery';
import { restore } from './restore';

/** The obligations of a scenario: registered before a mutation is made, restored at the scenario's end. */
export class Obligations {
  readonly #journal: Journal;

  constructor(directory: string, run: string, scenario: string) {
    this.#journal = Journal.open(directory, run, scenario);
  }

  /**
   * Registers what is to be restored, and only then makes the mutation.
   * @param fixture the fixture that the mutation belongs to
   * @param mutate makes it and returns what was seen of it; without this argument the SUT makes the mutation later
   * @returns the entry's number, for {@link restoreNow}
   */
  async register(obligation: Obligation, fixture: string, mutate?: () => Promise<string> | string): Promise<number> {
    const { id } = this.#journal.register(obligation, fixture);
    if (mutate) this.#journal.mutated(id, await mutate());
    return id;
  }

  /**
   * Restores one thing while the scenario goes on. It stays registered: the scenario's end verifies it, and tries again where this
   * failed.
   */
  async restoreNow(id: number): Promise<void> {
    const entry = this.#journal.entries.find((one) => one.id === id);
    if (!entry) throw new Error(`no obligation ${id}`);
    try {
      const { changed, saw } = await restore(entry.obligation);
      this.#journal.restoredEarly(id, changed, saw);
    } catch (error) {
      this.#journal.refused(id, error instanceof Error ? error.message : String(error));
    }
  }

  /** The journal's file. */
  get journal(): string {
    return this.#journal.path;
  }

  get entries(): readonly Entry[] {
    return this.#journal.entries;
  }

  /** Restores everything, the latest mutation first. @returns what could not be restored */
  async restoreAll(): Promise<readonly string[]> {
    const { failed } = await restoreJournal(this.#journal);
    return failed;
  }

  /** Ends the journal; it stays on disk while anything is not restored. */
  close(): void {
    this.#journal.close();
  }
}

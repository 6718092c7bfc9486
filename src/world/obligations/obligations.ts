import { restore } from './restore';
import { type Entry, Journal } from './journal';
import type { Obligation } from './obligation';
import { restoreJournal } from './recovery';

/** What a scenario owes: written down before the mutation is made, put back at its end. */
export class Obligations {
  readonly #journal: Journal;

  constructor(directory: string, run: string, scenario: string) {
    this.#journal = Journal.open(directory, run, scenario);
  }

  /**
   * Writes down what is to be put back, and only then makes the mutation.
   * @param fixture the fixture that the mutation belongs to
   * @param mutate makes it and says what was seen of it; without one the SUT will make it by itself
   * @returns the entry's number, for {@link restoreNow}
   */
  async register(obligation: Obligation, fixture: string, mutate?: () => Promise<string> | string): Promise<number> {
    const { id } = this.#journal.register(obligation, fixture);
    if (mutate) this.#journal.mutated(id, await mutate());
    return id;
  }

  /**
   * Puts one thing back while the scenario goes on. It stays owed: the scenario's end looks again, and where it could not be put
   * back now, tries again and says so.
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

  /** Puts everything back, the latest first. @returns what could not be. */
  async restoreAll(): Promise<readonly string[]> {
    const { failed } = await restoreJournal(this.#journal);
    return failed;
  }

  /** Ends the journal; it stays on disk while anything is owed. */
  close(): void {
    this.#journal.close();
  }
}

import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Obligation, obligationSchema } from './obligation';
import { type Owner, ownerSchema, self } from './owner';

const lineSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('opened'),
    at: z.string(),
    run: z.string(),
    scenario: z.string(),
    owner: ownerSchema,
  }),
  z.strictObject({
    type: z.literal('owed'),
    at: z.string(),
    id: z.number(),
    obligation: obligationSchema,
    fixture: z.string(),
  }),
  /** The mutation was really made; `saw` is what was seen of it. */
  z.strictObject({ type: z.literal('mutated'), at: z.string(), id: z.number(), saw: z.string() }),
  /** Restored early, while the scenario goes on; its end verifies it again. */
  z.strictObject({ type: z.literal('settled'), at: z.string(), id: z.number(), changed: z.boolean(), saw: z.string() }),
  z.strictObject({
    type: z.literal('discharged'),
    at: z.string(),
    id: z.number(),
    changed: z.boolean(),
    saw: z.string(),
  }),
  z.strictObject({ type: z.literal('refused'), at: z.string(), id: z.number(), reason: z.string() }),
]);
export type JournalLine = z.infer<typeof lineSchema>;

/** An obligation of a journal, with what became of it. */
export interface Entry {
  readonly id: number;
  readonly obligation: Obligation;
  readonly fixture: string;
  readonly registeredAt: string;
  mutation?: { readonly at: string; readonly saw: string };
  early?: { readonly at: string; readonly changed: boolean; readonly saw: string };
  restoration?: { readonly at: string; readonly changed: boolean; readonly saw: string };
  /** Why the last attempt to restore it failed. */
  refusal?: string;
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The write-ahead journal of one scenario: an obligation is on disk, synced, before the mutation is made. One JSON object a line.
 * Mode 0600: an obligation may contain a private file.
 */
export class Journal {
  readonly #entries = new Map<number, Entry>();
  /** Open for appending; undefined when the journal was only read, or is closed. */
  #handle: number | undefined;
  owner: Owner | undefined;
  run = '';
  scenario = '';

  private constructor(
    readonly path: string,
    handle?: number,
  ) {
    this.#handle = handle;
  }

  /** Starts a new journal, owned by this process. It appears with its first line in it: nobody finds it without an owner. */
  static open(directory: string, run: string, scenario: string): Journal {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, `${run}-${scenario}.jsonl`);
    const draft = `${file}.${process.pid}`;
    const journal = new Journal(file, openSync(draft, 'ax', 0o600));
    try {
      journal.#append({ type: 'opened', at: new Date().toISOString(), run, scenario, owner: self() });
      linkSync(draft, file);
    } catch (error) {
      journal.release();
      throw error;
    } finally {
      rmSync(draft);
    }
    syncDirectory(directory);
    return journal;
  }

  /**
   * Reads a journal and changes nothing: its owner may be writing to it. A last line that was cut off (power, full disk) counts
   * as not written: its mutation was not made yet.
   * @throws when a line other than the last cannot be read.
   */
  static read(file: string): Journal {
    const journal = new Journal(file);
    journal.#load();
    return journal;
  }

  /** Reads a journal whose owner is dead, and goes on writing it. @throws as {@link Journal.read} does. */
  static takeOver(file: string): Journal {
    const journal = new Journal(file);
    const whole = journal.#load();
    journal.#handle = openSync(file, 'a');
    ftruncateSync(journal.#handle, whole);
    return journal;
  }

  /** @returns the length in bytes of the lines that are whole. */
  #load(): number {
    const bytes = readFileSync(this.path);
    const whole = bytes.lastIndexOf('\n') + 1;
    const lines = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
    for (const [index, line] of lines.entries()) {
      try {
        this.#apply(lineSchema.parse(JSON.parse(line)));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${this.path}:${index + 1}: not a journal line: ${reason}`);
      }
    }
    return whole;
  }

  static filesIn(directory: string): string[] {
    try {
      return readdirSync(directory)
        .filter((name) => name.endsWith('.jsonl'))
        .sort()
        .map((name) => path.join(directory, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  /** What is not restored yet, the latest first: the order of the restore. */
  get open(): readonly Entry[] {
    return this.entries.filter((entry) => !entry.restoration).reverse();
  }

  register(obligation: Obligation, fixture: string): Entry {
    const id = this.#entries.size + 1;
    this.#append({ type: 'owed', at: new Date().toISOString(), id, obligation, fixture });
    return this.#entry(id);
  }

  mutated(id: number, saw: string): void {
    this.#append({ type: 'mutated', at: new Date().toISOString(), id, saw });
  }

  restoredEarly(id: number, changed: boolean, saw: string): void {
    this.#append({ type: 'settled', at: new Date().toISOString(), id, changed, saw });
  }

  restored(id: number, changed: boolean, saw: string): void {
    this.#append({ type: 'discharged', at: new Date().toISOString(), id, changed, saw });
  }

  refused(id: number, reason: string): void {
    this.#append({ type: 'refused', at: new Date().toISOString(), id, reason });
  }

  /** Lets go of the file, and leaves it as it is. */
  release(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
    this.#handle = undefined;
  }

  /** Ends the journal: removes it when everything is restored, and keeps it otherwise. */
  close(): void {
    this.release();
    if (this.open.length === 0) {
      rmSync(this.path, { force: true });
      syncDirectory(path.dirname(this.path));
    }
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id);
    if (!entry) throw new Error(`${this.path}: no obligation ${id}`);
    return entry;
  }

  #append(line: JournalLine): void {
    const handle = this.#handle;
    if (handle === undefined) throw new Error(`${this.path}: the journal is not open for writing`);
    const before = fstatSync(handle).size;
    try {
      writeFileSync(handle, `${JSON.stringify(line)}\n`);
      fsyncSync(handle);
    } catch (error) {
      // A line that did not fit must not stand half before the next one.
      ftruncateSync(handle, before);
      throw error;
    }
    this.#apply(line);
  }

  #apply(line: JournalLine): void {
    switch (line.type) {
      case 'opened':
        this.owner = line.owner;
        this.run = line.run;
        this.scenario = line.scenario;
        break;
      case 'owed':
        this.#entries.set(line.id, {
          id: line.id,
          obligation: line.obligation,
          fixture: line.fixture,
          registeredAt: line.at,
        });
        break;
      case 'mutated':
        this.#entry(line.id).mutation = { at: line.at, saw: line.saw };
        break;
      case 'settled':
        this.#entry(line.id).early = { at: line.at, changed: line.changed, saw: line.saw };
        break;
      case 'discharged':
        this.#entry(line.id).restoration = { at: line.at, changed: line.changed, saw: line.saw };
        break;
      case 'refused':
        this.#entry(line.id).refusal = line.reason;
        break;
    }
  }
}

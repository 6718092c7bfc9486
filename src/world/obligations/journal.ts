import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Obligation, obligationSchema } from './kinds';
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
  /** The mutation was really made; `saw` says what was seen of it. */
  z.strictObject({ type: z.literal('mutated'), at: z.string(), id: z.number(), saw: z.string() }),
  /** Put back already while the scenario goes on; its end looks again. */
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
  readonly owedAt: string;
  mutation?: { readonly at: string; readonly saw: string };
  settlement?: { readonly at: string; readonly changed: boolean; readonly saw: string };
  discharge?: { readonly at: string; readonly changed: boolean; readonly saw: string };
  /** Why the last attempt to put it back failed. */
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
 * The write-ahead journal of one scenario: what is owed is on disk, synced, before the mutation is made. One JSON object a line.
 * Mode 0600: what is owed may be the content of a private file.
 */
export class Journal {
  readonly #entries = new Map<number, Entry>();
  #handle: number;
  owner: Owner | undefined;
  run = '';
  scenario = '';

  private constructor(
    readonly path: string,
    handle: number,
  ) {
    this.#handle = handle;
  }

  /** Starts a new journal, owned by this process. */
  static open(directory: string, run: string, scenario: string): Journal {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = path.join(directory, `${run}-${scenario}.jsonl`);
    const journal = new Journal(file, openSync(file, 'ax', 0o600));
    journal.#append({ type: 'opened', at: new Date().toISOString(), run, scenario, owner: self() });
    syncDirectory(directory);
    return journal;
  }

  /**
   * Reads a journal that an earlier process left. A last line that was cut off (power, full disk) counts as not written: its
   * mutation was not made yet.
   * @throws when a line other than the last cannot be read.
   */
  static read(file: string): Journal {
    const journal = new Journal(file, openSync(file, 'r+'));
    const text = readFileSync(file, 'utf8');
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length) ftruncateSync(journal.#handle, Buffer.byteLength(text.slice(0, end)));
    for (const [index, line] of text.slice(0, end).split('\n').entries()) {
      if (line === '') continue;
      try {
        journal.#apply(lineSchema.parse(JSON.parse(line)));
      } catch (error) {
        closeSync(journal.#handle);
        throw new Error(`${file}:${index + 1}: not a journal line: ${error instanceof Error ? error.message : error}`);
      }
    }
    closeSync(journal.#handle);
    journal.#handle = openSync(file, 'a');
    return journal;
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

  /** What is still owed, the latest first: the order in which it is to be put back. */
  get open(): readonly Entry[] {
    return this.entries.filter((entry) => !entry.discharge).reverse();
  }

  owe(obligation: Obligation, fixture: string): Entry {
    const id = this.#entries.size + 1;
    this.#append({ type: 'owed', at: new Date().toISOString(), id, obligation, fixture });
    return this.#entry(id);
  }

  mutated(id: number, saw: string): void {
    this.#append({ type: 'mutated', at: new Date().toISOString(), id, saw });
  }

  settled(id: number, changed: boolean, saw: string): void {
    this.#append({ type: 'settled', at: new Date().toISOString(), id, changed, saw });
  }

  discharged(id: number, changed: boolean, saw: string): void {
    this.#append({ type: 'discharged', at: new Date().toISOString(), id, changed, saw });
  }

  refused(id: number, reason: string): void {
    this.#append({ type: 'refused', at: new Date().toISOString(), id, reason });
  }

  /** Lets go of the file, and leaves it as it is. */
  release(): void {
    closeSync(this.#handle);
  }

  /** Ends the journal: removed when nothing is owed any more, kept where it lies otherwise. */
  close(): void {
    closeSync(this.#handle);
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
    writeSync(this.#handle, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#handle);
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
          owedAt: line.at,
        });
        break;
      case 'mutated':
        this.#entry(line.id).mutation = { at: line.at, saw: line.saw };
        break;
      case 'settled':
        this.#entry(line.id).settlement = { at: line.at, changed: line.changed, saw: line.saw };
        break;
      case 'discharged':
        this.#entry(line.id).discharge = { at: line.at, changed: line.changed, saw: line.saw };
        break;
      case 'refused':
        this.#entry(line.id).refusal = line.reason;
        break;
    }
  }
}

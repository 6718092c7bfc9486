import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { prettyJson } from '../shared/json';
import { writePrivateFileSync } from '../shared/private-file';
import { type DatabaseRecord, databaseRecord, type ProviderRecord, type SandboxRecord } from './records';

/** The gateway's database: `openshell.db`, a JSON document that only its owner may read, since it contains credentials. */
export class Store {
  readonly #file: string;
  readonly #data: DatabaseRecord;

  private constructor(file: string, data: DatabaseRecord) {
    this.#file = file;
    this.#data = data;
  }

  /**
   * Opens the document, or begins a new one.
   * @throws when the file exists and is no database of this version; it is left alone then.
   */
  static open(file: string, { port, network }: { readonly port: number; readonly network: string }): Store {
    const where = { port, network };
    if (!existsSync(file)) {
      const empty = { version: 1 as const, gatewayId: randomUUID(), sandboxes: {}, providers: {}, inference: null };
      const store = new Store(file, { ...empty, ...where });
      store.save();
      return store;
    }
    return new Store(file, { ...readDatabase(file), ...where });
  }

  get gatewayId(): string {
    return this.#data.gatewayId;
  }

  get inference(): DatabaseRecord['inference'] {
    return this.#data.inference;
  }

  set inference(route: DatabaseRecord['inference']) {
    this.#data.inference = route;
    this.save();
  }

  sandboxes(): SandboxRecord[] {
    return Object.values(this.#data.sandboxes);
  }

  sandbox(name: string): SandboxRecord | undefined {
    return Object.hasOwn(this.#data.sandboxes, name) ? this.#data.sandboxes[name] : undefined;
  }

  putSandbox(record: SandboxRecord): void {
    this.#data.sandboxes[record.name] = record;
    this.save();
  }

  dropSandbox(name: string): void {
    delete this.#data.sandboxes[name];
    this.save();
  }

  providers(): ProviderRecord[] {
    return Object.values(this.#data.providers);
  }

  provider(name: string): ProviderRecord | undefined {
    return Object.hasOwn(this.#data.providers, name) ? this.#data.providers[name] : undefined;
  }

  putProvider(record: ProviderRecord): void {
    this.#data.providers[record.name] = record;
    this.save();
  }

  dropProvider(name: string): void {
    delete this.#data.providers[name];
    this.save();
  }

  /** Synchronous, so that no answer is sent before its change is on disk. */
  private save(): void {
    writePrivateFileSync(this.#file, prettyJson(this.#data));
  }
}

/**
 * Reads a gateway's database without opening it for writing.
 * @throws when it is no database of this version. The message never quotes the file: it contains credentials.
 */
export function readDatabase(file: string): DatabaseRecord {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read as JSON; move it away to begin anew`);
  }
  const checked = databaseRecord.safeParse(parsed);
  if (checked.success) return checked.data;
  const keys = checked.error.issues.map((issue) => issue.path.join('.') || '(top)');
  throw new Error(
    `${file} is no gateway database of version 1 (wrong: ${keys.join(', ')}); move it away to begin anew`,
  );
}

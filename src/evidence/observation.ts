import type { Boundary } from '../spec/boundary';

/** One thing that was looked at: what, where, when, and a bounded account of what came back. Goes into a record's trace. */
export interface TraceEntry {
  readonly boundary: Boundary;
  /** What was read: a command line, `container:path`, a URL, a file path. */
  readonly source: string;
  readonly kind:
    | 'command'
    | 'container-command'
    | 'container-file'
    | 'container'
    | 'file'
    | 'directory'
    | 'http'
    | 'process';
  /** UTC, ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Exit status, digest, size, status code … whatever lets an auditor recognise the reading. Redacted and bounded when written. */
  readonly seen: Readonly<Record<string, string | number | boolean | null>>;
}

/**
 * A value together with how it was read. The value can only be reached through a {@link Trace}, so that whatever an
 * assertion looks at is in its record.
 */
export class Observation<T> {
  readonly #value: T;
  readonly entry: TraceEntry;

  constructor(value: T, entry: TraceEntry) {
    this.#value = value;
    this.entry = entry;
  }

  /** Hands the value out and writes the reading into `trace`. */
  seenIn(trace: Trace): T {
    trace.add(this.entry);
    return this.#value;
  }

  /** The value without a trace: for clients and staging only. A test keeps it out of the assertions. */
  peek(): T {
    return this.#value;
  }

  /** The same reading and value; the trace shows what `seen` picks of the value in place of the raw answer. */
  telling(seen: (value: T) => TraceEntry['seen']): Observation<T> {
    return new Observation(this.#value, { ...this.entry, seen: seen(this.#value) });
  }

  /**
   * The same reading, with a value derived from it (parsed, say).
   * @throws BoundaryError with this reading when `derive` throws.
   */
  map<U>(derive: (value: T) => U): Observation<U> {
    try {
      return new Observation(derive(this.#value), this.entry);
    } catch (error) {
      throw new BoundaryError(`${this.entry.source}: ${error instanceof Error ? error.message : error}`, this.entry);
    }
  }
}

/** The readings behind one verdict, in order, each once. */
export class Trace {
  readonly #entries: TraceEntry[] = [];

  add(entry: TraceEntry): void {
    if (!this.#entries.includes(entry)) this.#entries.push(entry);
  }

  get entries(): readonly TraceEntry[] {
    return this.#entries;
  }
}

/** A reading that could not be made. Carries the attempt, so that the record's trace shows what was tried. */
export class BoundaryError extends Error {
  constructor(
    message: string,
    readonly entry: TraceEntry,
  ) {
    super(message);
    this.name = 'BoundaryError';
  }
}

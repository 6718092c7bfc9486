import { AssertionError, expect } from 'chai';
import { BoundaryError, type Observation, Trace } from './observation';
import { bounded } from './redact';

/** One comparison that an assertion made. */
export interface Comparison {
  readonly what: string;
  readonly expected: string;
  readonly observed: string;
  readonly holds: boolean;
}

/** Text of a value for a record. Buffers as text where they are text. */
export function show(value: unknown): string {
  if (typeof value === 'string') return bounded(value);
  if (Buffer.isBuffer(value)) return bounded(value.toString('utf8'));
  return bounded(JSON.stringify(value, null, 1) ?? String(value));
}

/**
 * What an assertion has at hand while it is made: `see` opens an observation and traces it, the others compare. Every
 * comparison is made and kept, so that a failure says all that is wrong at once.
 */
export class AssertionContext {
  readonly trace = new Trace();
  readonly comparisons: Comparison[] = [];
  #notApplicable: string | undefined;

  /** The observation's value; the reading goes into the record's trace. */
  see<T>(observation: Observation<T>): T {
    return observation.seenIn(this.trace);
  }

  /** Deep equality, as chai judges it. */
  equal(what: string, observed: unknown, expected: unknown): void {
    let holds = true;
    try {
      expect(observed).to.deep.equal(expected);
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      holds = false;
    }
    this.comparisons.push({ what, expected: show(expected), observed: show(observed), holds });
  }

  /** Any other comparison; `expected` says in words what must be. */
  that(what: string, observed: unknown, expected: string, holds: boolean): void {
    this.comparisons.push({ what, expected: bounded(expected), observed: show(observed), holds });
  }

  /** Nothing may be in `found`. */
  none(what: string, found: readonly unknown[], expected: string): void {
    this.that(what, found.length === 0 ? 'none' : found, expected, found.length === 0);
  }

  /** The SUT has not what the check needs; `reason` goes into the record. */
  notApplicable(reason: string): void {
    this.#notApplicable = reason;
  }

  get whyNotApplicable(): string | undefined {
    return this.#notApplicable;
  }

  /** Keeps the attempt that failed in the trace, and gives the reason in words. */
  failedToRead(error: unknown): string {
    if (error instanceof BoundaryError) this.trace.add(error.entry);
    return bounded(error instanceof Error ? error.message : String(error));
  }
}

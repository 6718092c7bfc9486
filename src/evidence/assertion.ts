import { AssertionError, expect } from 'chai';
import { bounded } from '../secrets/redact';
import { BoundaryError, type Observation, Trace } from './observation';

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

function deepEqual(one: unknown, other: unknown): boolean {
  try {
    expect(one).to.deep.equal(other);
    return true;
  } catch (error) {
    if (!(error instanceof AssertionError)) throw error;
    return false;
  }
}

/** What `includes` looks into, and `isEmpty` and `isNotEmpty` count. */
type Sized = string | Buffer | readonly unknown[];

/**
 * What an assertion has at hand while it is made: `see` opens an observation and traces it, the others compare. Every
 * comparison is made and kept, so that a failure reports all that is wrong at once. The words of what is expected follow from
 * the comparison; only `that` takes them as they are.
 */
export class AssertionContext {
  readonly trace = new Trace();
  readonly comparisons: Comparison[] = [];

  /** The observation's value; the reading goes into the record's trace. */
  see<T>(observation: Observation<T>): T {
    return observation.seenIn(this.trace);
  }

  /** Deep equality, as chai judges it. */
  equals(what: string, observed: unknown, expected: unknown): void {
    this.that(what, observed, show(expected), deepEqual(observed, expected));
  }

  /** Not deeply equal. */
  differs(what: string, observed: unknown, from: unknown): void {
    this.that(what, observed, `not ${show(from)}`, !deepEqual(observed, from));
  }

  /** A text contains `part`, or a list has it as one of its members. */
  includes(what: string, observed: string | readonly unknown[], part: string): void {
    this.that(what, observed, `contains ${show(part)}`, observed.includes(part));
  }

  /** `wanted` says in words what the pattern stands for, where the pattern itself is no help to a reader. */
  matches(what: string, observed: string, pattern: RegExp, wanted: string = String(pattern)): void {
    this.that(what, observed, wanted, new RegExp(pattern.source, pattern.flags.replace('g', '')).test(observed));
  }

  /** A list has every member of `wanted`; where nothing is wanted the comparison would prove nothing, and fails. */
  hasAll(what: string, observed: readonly string[], wanted: readonly string[]): void {
    const lacking = wanted.filter((one) => !observed.includes(one));
    const missing = lacking.length === 0 ? 'nothing' : lacking;
    this.that(`missing from ${what}`, missing, `nothing of ${show(wanted)}`, wanted.length > 0 && lacking.length === 0);
  }

  /** `observed` is one of `allowed`. */
  oneOf(what: string, observed: unknown, allowed: readonly unknown[]): void {
    const any = allowed.some((one) => deepEqual(observed, one));
    this.that(what, observed, allowed.length === 0 ? 'one of none' : `one of ${allowed.map(show).join(', ')}`, any);
  }

  /** Nothing is in `found`, whose members are what should not be there. */
  isEmpty(what: string, found: Sized): void {
    this.that(what, found.length === 0 ? 'none' : found, 'none', found.length === 0);
  }

  /** Something is there: without it the comparisons that follow would prove nothing. */
  isNotEmpty(what: string, found: Sized): void {
    this.that(what, found.length === 0 ? 'none' : found, 'some', found.length > 0);
  }

  atLeast(what: string, observed: number, least: number): void {
    this.that(what, observed, `at least ${least}`, observed >= least);
  }

  moreThan(what: string, observed: number, bound: number): void {
    this.that(what, observed, `more than ${bound}`, observed > bound);
  }

  isTrue(what: string, observed: boolean): void {
    this.equals(what, observed, true);
  }

  /** A comparison that has no name of its own; `expected` is what the record contains as its words. */
  that(what: string, observed: unknown, expected: string, holds: boolean): void {
    this.comparisons.push({ what, expected: bounded(expected), observed: show(observed), holds });
  }

  /** Keeps the attempt that failed in the trace. @returns the reason in words */
  failedToRead(error: unknown): string {
    if (error instanceof BoundaryError) this.trace.add(error.entry);
    return bounded(error instanceof Error ? error.message : String(error));
  }
}

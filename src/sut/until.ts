import { setTimeout as pause } from 'node:timers/promises';

/** A wait that reached its bound. */
export class WaitError extends Error {
  constructor(what: string, within: number, last: string) {
    super(`waited ${Math.round(within / 100) / 10} s for ${what}, in vain${last ? `; last seen: ${last}` : ''}`);
    this.name = 'WaitError';
  }
}

export interface Wait {
  /** Bound in ms. */
  readonly within: number;
  /** Pause between two looks, in ms. */
  readonly every?: number;
  readonly signal?: AbortSignal;
  /** `give-up` returns undefined at the bound, the default throws. */
  readonly orElse?: 'throw' | 'give-up';
  /** What was last seen, for the message. */
  readonly last?: () => string;
}

/**
 * Looks until `look` gives something true-ish, and returns that.
 * @throws WaitError at the bound (unless told to give up); the signal's reason when it aborts.
 */
export async function until<T>(what: string, look: () => Promise<T>, wait: Wait): Promise<T | undefined> {
  const end = performance.now() + wait.within;
  for (;;) {
    wait.signal?.throwIfAborted();
    const seen = await look();
    if (seen) return seen;
    if (performance.now() >= end) break;
    await pause(wait.every ?? 25);
  }
  if (wait.orElse === 'give-up') return undefined;
  throw new WaitError(what, wait.within, wait.last?.() ?? '');
}

/** Milliseconds in `count` seconds. */
export const seconds = (count: number): number => count * 1000;

/** Milliseconds in `count` minutes. */
export const minutes = (count: number): number => count * 60_000;

/** Bounds of a wait. Both in milliseconds. */
export interface Patience {
  readonly withinMs: number;
  readonly everyMs?: number;
}

/**
 * Calls `probe` again and again until it returns something other than undefined.
 * @throws when `withinMs` have passed; the message names `what` and the last error of the probe.
 */
export async function until<T>(what: string, probe: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const deadline = Date.now() + patience.withinMs;
  let last: unknown;
  for (;;) {
    try {
      const seen = await probe();
      if (seen !== undefined) return seen;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      const because = last instanceof Error ? `: ${last.message}` : '';
      throw new Error(`Waited ${patience.withinMs} ms for ${what}, in vain${because}`);
    }
    await new Promise((resolve) => setTimeout(resolve, patience.everyMs ?? 50));
  }
}

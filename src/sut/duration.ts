/** Milliseconds in `count` seconds. */
export const seconds = (count: number): number => count * 1000;
/** Milliseconds in `count` minutes. */
export const minutes = (count: number): number => count * 60_000;

/** Length of `2026-01-02T03:04:05.678Z`, the form of Date.prototype.toISOString, which compares as text. */
const CANONICAL = 24;

/** Whether the instant `a` lies before `b`; both are ISO 8601 in UTC, of any precision. */
export function isBefore(a: string, b: string): boolean {
  if (a.length === CANONICAL && b.length === CANONICAL) return a < b;
  return Date.parse(a) < Date.parse(b);
}

import type { AssertionStanding } from '../audit/result';

export type Standing = AssertionStanding['standing'];

/** All standings, worst first, each with a sign before the word: colour is never the only difference. */
export const standings: Readonly<Record<Standing, { readonly word: string; readonly sign: string }>> = {
  failed: { word: 'failed', sign: '✗' },
  refused: { word: 'refused', sign: '⊘' },
  'not-run': { word: 'not run', sign: '!' },
  missing: { word: 'missing', sign: '?' },
  'not-applicable': { word: 'not applicable', sign: '–' },
  passed: { word: 'passed', sign: '✓' },
};

/** Number of assertions by standing: "31 passed, 2 failed"; standings without any are left out. */
export function countStandings(assertions: readonly { readonly standing: Standing }[]): string {
  const counts = (Object.keys(standings) as Standing[])
    .reverse()
    .map((standing) => ({ standing, count: assertions.filter((one) => one.standing === standing).length }))
    .filter(({ count }) => count > 0);
  return counts.map(({ standing, count }) => `${count} ${standings[standing].word}`).join(', ') || 'no assertions';
}

/** A duration in ms, for people. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** An ID with its variant, as in verdict lines. */
export function label({ id, variant }: { readonly id: string; readonly variant: string | null }): string {
  return variant === null ? id : `${id} [${variant}]`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

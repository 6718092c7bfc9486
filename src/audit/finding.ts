import type { SutKind } from './work-queue';

/** The nine gates of the source text in their order, and the gate of this phase. */
export const gates = {
  setup: '1 setup',
  'no-cheat': '2 no-cheat',
  boundary: '3 boundary',
  evidence: '4 evidence',
  secret: '5 secret',
  cleanup: '6 cleanup',
  completeness: '7 audit completeness',
  completion: '8 phase completion',
  executable: '9 executable assertion',
  phase: 'phase 9',
} as const;
export type Gate = keyof typeof gates;

/** One fault, or one remark about the product, that the audit found. */
export interface Finding {
  readonly gate: Gate;
  readonly row: string;
  /** The assertion, if the finding is about one. */
  readonly id: string | null;
  readonly variant: string | null;
  /** Null when it is the same for every system under test. */
  readonly sut: SutKind | null;
  /** What is wrong, in a sentence. */
  readonly wrong: string;
  /** What is missing: an assertion, a fixture, a file, a field; null when nothing is. */
  readonly missing: string | null;
  /** Where: a file, a bundle, a line. */
  readonly where: string | null;
  /**
   * `blocks`: the row stays unresolved. `amended`: it would block, and an amendment replaces the evidence. `tells`: a remark that does not
   * block, such as a failed extended check.
   */
  readonly effect: 'blocks' | 'amended' | 'tells';
}

/** Orders texts by code unit: no locale changes the order. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const gateOrder = Object.keys(gates);

function sortKey({ row, gate, id, variant, sut, where, wrong }: Finding): string {
  return [row, String(gateOrder.indexOf(gate)), id ?? '', variant ?? '', sut ?? '', where ?? '', wrong].join('\0');
}

/** A fixed order, so that the same evidence gives the same bytes. */
export function byPlace(a: Finding, b: Finding): number {
  return compare(sortKey(a), sortKey(b));
}

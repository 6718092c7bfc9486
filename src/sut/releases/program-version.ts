import type { Release } from './release';
import { PLACEHOLDER } from './tree-signs';

/** Whether the program that scenarios will call is of the release that the tree is of. */
export interface ProgramVersion {
  /** The version that it prints; null where it prints none. */
  readonly printed: string | null;
  /** Null where its output does not tell. */
  readonly agrees: boolean | null;
  /** What was asked, what came back, and what to do. */
  readonly sentence: string;
}

/** Compares a release with the output of `nemoclaw --version`. */
export function programVersion(release: Release, output: string): ProgramVersion {
  const asked = '`nemoclaw --version`';
  const printed = release.versionOutput.exec(output)?.[1] ?? null;
  if (printed === null) {
    const first = output.trim().split('\n')[0] ?? '';
    return { printed, agrees: false, sentence: `${asked} printed no version of NemoClaw, but: ${first || 'nothing'}.` };
  }
  if (printed === PLACEHOLDER) {
    return {
      printed,
      agrees: null,
      sentence: `${asked} printed ${printed}, which every checkout without tags prints.`,
    };
  }
  const expected = release.treeVersion ?? release.signs.version;
  const agrees = printed === expected;
  const sentence = agrees
    ? `${asked} printed ${printed}, as the tree does.`
    : `${asked} printed ${printed}, and the tree is of ${expected}: the program belongs to another installation. Set NEMOCLAW_ROOT to the one that is to be tested.`;
  return { printed, agrees, sentence };
}

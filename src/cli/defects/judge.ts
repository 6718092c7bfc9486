import type { Verdict } from '../../evidence/record';
import type { Defect } from '../../spec/defects';
import type { Verdicts } from '../trials/attempt';

/** What a trial showed of one defect. */
export interface Judgement {
  readonly defect: string;
  /** Assertions of this scenario that it had to turn red, and did. */
  readonly seen: readonly string[];
  /** Those that it had to, and did not. */
  readonly missed: readonly string[];
  /** Assertions that were red or not run beside them, and that no defect of the trial declares. */
  readonly undeclared: readonly string[];
}

const isRed = (verdict: Verdict | undefined): boolean => verdict === 'failed';
const isLost = (verdict: Verdict | undefined): boolean => verdict === 'failed' || verdict === 'not-run';

/** Judges each defect of a trial by the verdicts of its scenario. Pure. */
export function judge(defects: readonly Defect[], verdicts: Verdicts): readonly Judgement[] {
  const declared = new Set(defects.flatMap(({ red, also }) => [...red, ...also]));
  const undeclared = Object.keys(verdicts).filter((id) => isLost(verdicts[id]) && !declared.has(id));
  return defects.map(({ name, red }) => {
    const own = red.filter((id) => Object.hasOwn(verdicts, id));
    return {
      defect: name,
      seen: own.filter((id) => isRed(verdicts[id])),
      missed: own.filter((id) => !isRed(verdicts[id])),
      undeclared,
    };
  });
}

/** Whether every defect was seen, and by the declared assertions alone. */
export function isClean(judgements: readonly Judgement[]): boolean {
  return judgements.every(({ missed, undeclared }) => missed.length === 0 && undeclared.length === 0);
}

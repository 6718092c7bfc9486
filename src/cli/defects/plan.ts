import type { Defect } from '../../spec/defects';

/** A scenario, and the assertions that it makes. */
export interface Made {
  /** `file:line` of the scenario. */
  readonly location: string;
  readonly scenario: string;
  readonly ids: readonly string[];
}

/** One run of one scenario with these defects in the SUT; with none it is the baseline. */
export interface Trial {
  readonly location: string;
  readonly scenario: string;
  readonly defects: readonly Defect[];
}

/** The scenarios in which a defect is tried: for each assertion that it must turn red the first that makes it. */
export function scenariosOf(defect: Defect, all: readonly Made[]): readonly Made[] {
  const { scenario: part } = defect;
  const among = part === undefined ? all : all.filter(({ scenario }) => scenario.includes(part));
  const covered = new Set<string>();
  return among.filter(({ ids }) => {
    const own = defect.red.filter((id) => ids.includes(id) && !covered.has(id));
    for (const id of own) covered.add(id);
    return own.length > 0;
  });
}

/** Whether neither can turn red what the other must, and no file is changed by both. */
function independent(one: Defect, other: Defect): boolean {
  const touches = ({ red, also }: Defect) => new Set([...red, ...also]);
  const [ofOne, ofOther] = [touches(one), touches(other)];
  if (one.red.some((id) => ofOther.has(id)) || other.red.some((id) => ofOne.has(id))) return false;
  const places = new Set(one.change.map(({ file, replace }) => `${file}\0${replace}`));
  return !other.change.some(({ file, replace }) => places.has(`${file}\0${replace}`));
}

/**
 * The trials of these defects, scenario by scenario. Independent defects share a run, at most `together` of them: a run costs more
 * than a build.
 */
export function trialsOf(defects: readonly Defect[], all: readonly Made[], together: number): readonly Trial[] {
  return all.flatMap((made) => {
    const own = defects.filter((defect) => scenariosOf(defect, all).includes(made));
    const groups: Defect[][] = [];
    for (const defect of own) {
      const fits = (group: Defect[]) =>
        group.length < together && group.every((other) => !other.alone && independent(defect, other));
      const group = defect.alone ? undefined : groups.find(fits);
      if (group === undefined) groups.push([defect]);
      else group.push(defect);
    }
    return groups.map((group) => ({ location: made.location, scenario: made.scenario, defects: group }));
  });
}

/** Every `of`-th trial, the `index`-th of them first (from 1). */
export function shardOf<T>(trials: readonly T[], { index, of }: { readonly index: number; readonly of: number }): T[] {
  return trials.filter((_, at) => at % of === index - 1);
}

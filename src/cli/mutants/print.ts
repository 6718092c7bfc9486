import type { Mutant, Survivor } from '../../spec/mutants';
import { SURVIVORS } from '../../spec/mutants';
import type { Fate } from './try';

/** A mutant, and how it ended. */
export interface Tried {
  readonly mutant: Mutant;
  readonly fate: Fate;
}

interface Line {
  readonly area: string;
  readonly tried: number;
  readonly killed: number;
  readonly onlyNotRun: number;
  readonly survived: number;
}

/** Figures of each area, and of all; mutants that cannot be built are none. */
export function figures(tried: readonly Tried[]): Line[] {
  const line = (area: string, some: readonly Tried[]): Line => {
    const count = (is: Fate['is']) => some.filter(({ fate }) => fate.is === is).length;
    const built = some.length - count('not built');
    return { area, tried: built, killed: count('killed'), onlyNotRun: count('not run'), survived: count('survived') };
  };
  const areas = [...new Set(tried.map(({ mutant }) => mutant.area))];
  return [
    ...areas.map((area) =>
      line(
        area,
        tried.filter(({ mutant }) => mutant.area === area),
      ),
    ),
    line('all', tried),
  ];
}

/** Survivors that nobody has judged, and those that are judged to be holes. */
export function unsettled(tried: readonly Tried[], judged: readonly Survivor[]): Mutant[] {
  const verdicts = new Map(judged.map(({ id, verdict }) => [id, verdict]));
  return tried
    .filter(({ fate }) => fate.is === 'survived')
    .map(({ mutant }) => mutant)
    .filter(({ id }) => (verdicts.get(id) ?? 'hole') === 'hole');
}

/** Shows how the mutants ended. @returns whether no survivor is a hole, or without a judgement */
export function printMutants(tried: readonly Tried[], judged: readonly Survivor[], json: boolean): boolean {
  const open = unsettled(tried, judged);
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  if (json) {
    print(JSON.stringify({ figures: figures(tried), tried, open: open.map(({ id }) => id) }, null, 2));
    return open.length === 0;
  }
  for (const { mutant, fate } of tried) {
    if (fate.is !== 'survived') continue;
    const verdict = judged.find(({ id }) => id === mutant.id)?.verdict ?? `no judgement in ${SURVIVORS}`;
    print(`SURVIVED: ${mutant.id} ${mutant.file}:${mutant.line} ${mutant.kind} (${verdict})`);
    print(`  - ${mutant.original.split('\n')[0]}`);
    print(`  + ${mutant.by.split('\n')[0]}`);
  }
  print('Area            tried  killed  only NOT RUN  survived');
  for (const { area, tried: all, killed, onlyNotRun, survived } of figures(tried)) {
    print(
      `${area.padEnd(15)} ${String(all).padStart(5)}  ${String(killed).padStart(6)}  ${String(onlyNotRun).padStart(12)}  ${String(survived).padStart(8)}`,
    );
  }
  return open.length === 0;
}

import type { Mutant, MutationArea } from '../../spec/mutants';
import { attempt, NotBegun, NotBuilt, type Showed } from '../trials/attempt';
import type { Workspaces } from '../trials/workspaces';
import { mutated } from './found';

/** How a mutant ended. */
export type Fate =
  | { readonly is: 'killed'; readonly by: readonly string[]; readonly feature: string }
  | { readonly is: 'not run'; readonly by: readonly string[]; readonly feature: string }
  | { readonly is: 'survived' }
  | { readonly is: 'not built' };

/** Where trials take place. */
export interface Place {
  readonly copies: Workspaces;
  /** Directory for the output of runs. */
  readonly logs: string;
  readonly signal: AbortSignal;
}

/** What an exceeded bound is called in a reason: a busy machine may be its cause, so such a red is tried again. */
const BOUND = /\bwithin \d|\bbound\b|timed[ -]out/i;

/** The path of a feature by its name. @throws Error where no feature has it */
export function featureFile(name: string, all: readonly string[]): string {
  const found = all.find((one) => one.endsWith(`/${name}.feature`));
  if (found === undefined) throw new Error(`no feature is called ${name}`);
  return found;
}

/** Runs features with these mutants in the SUT. @param features paths; all of them where there is none */
export async function runMutants(
  place: Place,
  name: string,
  mutants: readonly Mutant[],
  features: readonly string[],
): Promise<Fate> {
  const title = mutants.map(({ file, line, kind }) => `${file}:${line} ${kind}`).join(' + ');
  const whole = features.length === 0 ? ['--tags', 'not @audit'] : features;
  const request = {
    ...{ title, name, logs: place.logs, run: [...whole, '--fail-fast'] },
    change: (copy: { edit(file: string, change: (text: string) => string): void }) => {
      for (const file of new Set(mutants.map((one) => one.file))) {
        copy.edit(file, (text) =>
          mutated(
            text,
            mutants.filter((one) => one.file === file),
          ),
        );
      }
    },
  };
  const feature = features.join(' ') || 'all features';
  try {
    const first = fateOf(await place.copies.use((copy) => attempt(copy, request, place.signal)), feature);
    if (first.is === 'killed' && first.bound) {
      return strip(fateOf(await place.copies.use((copy) => attempt(copy, request, place.signal)), feature));
    }
    return strip(first);
  } catch (error) {
    if (error instanceof NotBuilt) return { is: 'not built' };
    if (error instanceof NotBegun) return { is: 'killed', by: ['the run does not begin'], feature };
    throw error;
  }
}

type Raw = Fate & { readonly bound?: boolean };

function fateOf({ verdicts, reasons, exit }: Showed, feature: string): Raw {
  const of = (verdict: string) => Object.keys(verdicts).filter((id) => verdicts[id] === verdict);
  const [red, lost] = [of('failed'), of('not-run')];
  const bound = red.length > 0 && red.every((id) => BOUND.test(reasons[id] ?? ''));
  if (red.length > 0) return { is: 'killed', by: red, feature, bound };
  // With --fail-fast what comes behind a failure is not run: a scenario that failed in an action.
  if (exit !== 0) return { is: 'not run', by: lost, feature };
  return { is: 'survived' };
}

function strip({ bound: _, ...fate }: Raw): Fate {
  return fate as Fate;
}

/** Tries one mutant on the features of its area, cheapest first, up to the first that sees it. */
export async function tryMutant(
  place: Place,
  mutant: Mutant,
  area: MutationArea,
  features: readonly string[],
): Promise<Fate> {
  let last: Fate = { is: 'survived' };
  for (const name of area.features) {
    const fate = await runMutants(place, `${mutant.id}-${name}`, [mutant], [featureFile(name, features)]);
    if (fate.is === 'killed' || fate.is === 'not built') return fate;
    if (fate.is === 'not run') last = fate;
  }
  return last;
}

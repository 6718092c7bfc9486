import type { Mutant } from '../../spec/mutants';
import { overlap } from './found';
import { type Fate, type Place, runMutants } from './try';

/**
 * Tries mutants that no feature of their area saw on all features, together: where that is red, on each half, down to the one that is seen.
 * @returns the fates of those that were seen
 */
export async function tryTogether(place: Place, mutants: readonly Mutant[]): Promise<ReadonlyMap<string, Fate>> {
  const [first, ...others] = apart(mutants);
  if (first === undefined) return new Map();
  const fates = new Map(await halve(place, first));
  for (const group of others) for (const [id, fate] of await halve(place, group)) fates.set(id, fate);
  return fates;
}

/** Groups without two mutants of the same text. */
function apart(mutants: readonly Mutant[]): Mutant[][] {
  const groups: Mutant[][] = [];
  for (const mutant of mutants) {
    const group = groups.find((one) => !one.some((other) => overlap(mutant, other)));
    if (group) group.push(mutant);
    else groups.push([mutant]);
  }
  return groups;
}

async function halve(place: Place, group: readonly Mutant[]): Promise<[string, Fate][]> {
  const name = `together-${group[0]?.id}-${group.length}`;
  const fate = await runMutants(place, name, group, []);
  if (fate.is === 'survived') return [];
  const [only] = group;
  if (only !== undefined && group.length === 1) return [[only.id, fate]];
  const middle = Math.ceil(group.length / 2);
  return [...(await halve(place, group.slice(0, middle))), ...(await halve(place, group.slice(middle)))];
}

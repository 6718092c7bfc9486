import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRepository, REPOSITORY } from '../../repository';
import { sha256 } from '../../sha256';
import type { Mutant, MutationArea } from '../../spec/mutants';
import { UserError } from '../../user-error';
import { mutantsOf } from './found';
import { mutantsInSyntax } from './syntax';
import { mutantsInTypeScript } from './typescript';
import type { Validity } from './validity';

/** All mutants of an area, in the order of its files. @throws UserError for a file that is not there */
export async function mutantsOfArea({ name, files }: MutationArea): Promise<Mutant[]> {
  const lists = files.flatMap(sourcesAt).map(async (file) => {
    const text = readFileSync(inRepository(file), 'utf8');
    if (file.endsWith('.ts')) return mutantsOf(name, file, text, await mutantsInTypeScript(file, text));
    return mutantsOf(name, file, text, await mutantsInSyntax(file.endsWith('.py') ? 'python' : 'bash', text));
  });
  return (await Promise.all(lists)).flat();
}

function sourcesAt(place: string): string[] {
  const kind = statSync(inRepository(place), { throwIfNoEntry: false });
  if (kind === undefined) throw new UserError(`audit/mutation-areas.yaml names ${place}, which is not there`);
  if (!kind.isDirectory()) return [place];
  return readdirSync(inRepository(place), { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.(ts|sh|py)$/.test(one.name))
    .map((one) => path.relative(REPOSITORY, path.join(one.parentPath, one.name)))
    .sort();
}

/** The mutants in an order that depends on the seed alone. */
export function shuffled(mutants: readonly Mutant[], seed: string): Mutant[] {
  const keyed = mutants.map((one) => ({ one, key: sha256(`${seed}\0${one.id}`) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ one }) => one);
}

/**
 * Draws `count` mutants, as many of each area; what does not compile is none. @param all the mutants of each area
 * @returns fewer where an area has fewer
 */
export function draw(all: readonly (readonly Mutant[])[], count: number, seed: string, valid: Validity): Mutant[] {
  return all.flatMap((mutants, index) => {
    const share = Math.floor(count / all.length) + (index < count % all.length ? 1 : 0);
    const drawn: Mutant[] = [];
    for (const one of shuffled(mutants, seed)) {
      if (drawn.length === share) break;
      if (valid(one)) drawn.push(one);
    }
    return drawn;
  });
}

import { sha256 } from '../../sha256';
import type { Mutant } from '../../spec/mutants';

/** A change that a lister found in one file. */
export type Found = Pick<Mutant, 'kind' | 'start' | 'original' | 'by'>;

/** The mutants of a file, each at its place. */
export function mutantsOf(area: string, file: string, text: string, found: readonly Found[]): Mutant[] {
  return found.map((one) => {
    const line = text.slice(0, one.start).split('\n').length;
    const id = sha256(`${file}\0${one.start}\0${one.original}\0${one.by}`).slice(0, 12);
    return { id, area, file, line, ...one };
  });
}

/** `text` with mutants of it made; those of one file do not overlap. @throws Error when the text is another */
export function mutated(text: string, mutants: readonly Mutant[]): string {
  const backwards = [...mutants].sort((one, other) => other.start - one.start);
  return backwards.reduce((sum, { file, start, original, by }) => {
    if (sum.slice(start, start + original.length) !== original) throw new Error(`${file} is not what was mutated`);
    return sum.slice(0, start) + by + sum.slice(start + original.length);
  }, text);
}

/** Whether two mutants change the same text. */
export function overlap(one: Mutant, other: Mutant): boolean {
  if (one.file !== other.file) return false;
  return one.start < other.start + other.original.length && other.start < one.start + one.original.length;
}

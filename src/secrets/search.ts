import type { Search } from './values';
import { placeBeforeUnwrapping, unwrapped } from './wraps';

/** Where a secret begins in a text, and what is told of it: never its value. */
export interface Hit {
  /** In characters, from 0. */
  readonly offset: number;
  readonly secret: string;
}

/** Finds `searches` in `text` (latin1), also where a line wrap splits the value. */
export function search(text: string, searches: readonly Search[]): Hit[] {
  const found = hits(text, searches, '');
  const joined = unwrapped(text);
  if (joined.length === text.length) return found;
  const wrapped = hits(joined, searches, ', split by a line wrap')
    .map((hit) => ({ ...hit, offset: placeBeforeUnwrapping(text, hit.offset) }))
    .filter(({ offset }) => !found.some((other) => other.offset === offset));
  return [...found, ...wrapped];
}

function hits(text: string, searches: readonly Search[], how: string): Hit[] {
  return searches.flatMap(({ secret, pattern, encoding }) =>
    [...text.matchAll(pattern)].flatMap(({ index, 0: match, 1: behind = '' }) => {
      const encoded = encoding(match + behind);
      return encoded === undefined ? [] : [{ offset: index, secret: `${secret} (${encoded}${how})` }];
    }),
  );
}

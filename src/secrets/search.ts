import { unwrapped, WRAP } from './encodings';
import type { Search } from './values';

/** Where a secret begins in a text, and its kind; never its value. */
export interface Hit {
  /** In characters, from 0. */
  readonly offset: number;
  readonly secret: string;
}

/** Finds `searches` in `text` (latin1), also where a line wrap splits a value. */
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

/** The offset in `text` of the character at `offset` of {@link unwrapped} `text`. */
export function placeBeforeUnwrapping(text: string, offset: number): number {
  let taken = 0;
  for (const { index, 0: wrap } of text.matchAll(WRAP)) {
    if (index - taken > offset) break;
    taken += wrap.length;
  }
  return offset + taken;
}

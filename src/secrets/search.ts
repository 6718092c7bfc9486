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

/**
 * A line wrap between two characters of a value: a line end with the indentation behind it, with the `=` of quoted-printable or the `\` of
 * a shell before it; the same escaped in a JSON string or a URL. A NUL counts, too: UTF-16 has one at each character.
 */
const WRAP = /[=\\]?[\r\n][ \t]*|=?\\{1,8}(?:r\\{1,8})?n[ \t]*|=?%(?:25){0,4}0[adAD]|\0/g;

/** `text` without its line wraps. */
export function unwrapped(text: string): string {
  return text.replace(WRAP, '');
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

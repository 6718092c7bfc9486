/**
 * What a line wrap may put between two characters of a value: a line end with the indentation behind it, with the `=` of quoted-printable or
 * the `\` of a shell before it; the same escaped in a JSON string or a URL. A NUL, too: a file in UTF-16 has one at each.
 */
const WRAP = /[=\\]?[\r\n][ \t]*|=?\\{1,8}(?:r\\{1,8})?n[ \t]*|=?%(?:25){0,4}0[adAD]|\0/g;

/** `text` without its line wraps. */
export function unwrapped(text: string): string {
  return text.replace(WRAP, '');
}

/** Where the character at `offset` of {@link unwrapped} `text` stands in `text` itself. */
export function placeBeforeUnwrapping(text: string, offset: number): number {
  let taken = 0;
  for (const { index, 0: wrap } of text.matchAll(WRAP)) {
    if (index - taken > offset) break;
    taken += wrap.length;
  }
  return offset + taken;
}

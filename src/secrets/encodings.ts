/**
 * The one list of encodings in which a file may contain a secret. Files are read as latin1, one character a byte, so that an offset
 * in the text is an offset in the file, whatever the file is.
 */

/** A text within a longer one that is base64-encoded as a whole, at one of its three possible offsets in a group of three bytes. */
export interface Base64Core {
  /** Bytes of the longer text before it, modulo 3. */
  readonly shift: 0 | 1 | 2;
  /** Characters of the encoding that its bytes share with the text before it. */
  readonly skipped: number;
  /** The characters that it alone determines, in the alphabet with `+` and `/`. */
  readonly text: string;
}

/** The three cores of `bytes`, without the characters at the seams, which depend on the neighbours. */
export function base64Cores(bytes: Buffer): Base64Core[] {
  return ([0, 1, 2] as const).map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const skipped = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    return { shift, skipped, text: encoded.slice(skipped, last) };
  });
}

/** `secret` in every encoding that is one fixed text, the raw one first. */
export function encodingsOf(secret: string): { readonly name: string; readonly text: string }[] {
  const bytes = Buffer.from(secret, 'utf8');
  const found = [
    { name: 'raw', text: secret },
    ...base64Cores(bytes).flatMap(({ text }) => [
      { name: 'base64', text },
      { name: 'base64url', text: text.replaceAll('+', '-').replaceAll('/', '_') },
    ]),
    { name: 'URL-encoded', text: encodeURIComponent(secret) },
    { name: 'hex', text: bytes.toString('hex') },
    { name: 'hex', text: bytes.toString('hex').toUpperCase() },
    { name: 'JSON-escaped', text: JSON.stringify(secret).slice(1, -1) },
  ];
  return found.filter((one, index) => found.findIndex((other) => other.text === one.text) === index);
}

// Below: patterns for encodings that are not one fixed text. Each character is raw, or escaped for a URL, JSON, a string of a programming
// language or HTML, in any mixture.

/** A pattern for a byte in the escapes by number: `hex` is a pattern of two digits, `decimal` the same number for HTML. */
function numbered(hex: string, decimal: string): string {
  // `%2570` is `%70` URL-encoded again; a JSON string within JSON doubles its backslashes; a line wrap may have swallowed one.
  return `%(?:25){0,4}${hex}|\\\\{0,8}(?:u00|x)${hex}|&#(?:[xX]0{0,6}${hex}|0{0,6}${decimal});`;
}

const HTML_NAMES: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/**
 * A line wrap between two characters of a value: a line end with the indentation behind it, with the `=` of quoted-printable or the `\` of
 * a shell before it; the same escaped in a JSON string or a URL. A NUL counts, too: UTF-16 has one at each character.
 */
export const WRAP = /[=\\]?[\r\n][ \t]*|=?\\{1,8}(?:r\\{1,8})?n[ \t]*|=?%(?:25){0,4}0[adAD]|\0/g;

/** `text` without its line wraps. */
export function unwrapped(text: string): string {
  return text.replace(WRAP, '');
}

/**
 * Characters that line wraps swallow, or that belong to a wrap. A run of them in a value matches any run of them, each raw or escaped: a
 * wrapped value is indistinguishable from them.
 */
const SWALLOWED = /[= \t\r\n\0\\]+/;
const SWALLOWED_CODES = '(?:3[dD]|20|09|00|0[aAdD]|5[cC])';
const GAP = `(?:[=+ \\t\\r\\n\\0\\\\]|\\\\[nrt]|%(?:25){0,4}${SWALLOWED_CODES}|(?:u00|x)${SWALLOWED_CODES}|&#(?:61|32|9|0|10|13|92);)*`;

export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function hexOf(bytes: Buffer): string[] {
  return [...bytes].map((byte) => anyCase(byte.toString(16).padStart(2, '0')));
}

function character(one: string): string {
  const bytes = Buffer.from(one, 'utf8');
  const forms = [literal(bytes.toString('latin1'))];
  const point = one.codePointAt(0) ?? 0;
  if (point < 0x80) forms.push(numbered(hexOf(bytes).join(''), String(point)));
  else {
    const units = Array.from({ length: one.length }, (_, index) => one.charCodeAt(index));
    forms.push(
      hexOf(bytes)
        .map((hex) => `%(?:25){0,4}${hex}`)
        .join(''),
      units.map((unit) => `\\\\{0,8}u${anyCase(unit.toString(16).padStart(4, '0'))}`).join(''),
      `&#(?:[xX]0{0,6}${anyCase(point.toString(16))}|0{0,6}${point});`,
    );
  }
  if ('"/\''.includes(one)) forms.push(`\\\\{1,8}${literal(one)}`);
  const name = HTML_NAMES[one];
  if (name !== undefined) forms.push(`&${name};`);
  return `(?:${forms.join('|')})`;
}

/** The parts of `text` that no line wrap swallows: they decide whether a value is long enough. */
export function lasting(text: string): string[] {
  return partsOf(unwrapped(text));
}

function partsOf(text: string): string[] {
  return text.split(SWALLOWED).filter((part) => part !== '');
}

/**
 * The source of a pattern that matches `text`, each of its characters raw or escaped. What looks like a line wrap in `text` itself may
 * have been swallowed with the others, or not.
 */
export function tolerant(text: string): string {
  const wraps = [...text.matchAll(WRAP), { index: text.length, 0: '' }];
  let from = 0;
  const pieces = wraps.flatMap(({ index, 0: wrap }) => {
    const between = partsOf(text.slice(from, index)).map((part) => [...part].map(character).join(''));
    from = index + wrap.length;
    return [...between, ...[...partsOf(wrap).join('')].map((one) => `${character(one)}?`)];
  });
  return pieces.join(GAP);
}

/** The source of a pattern that matches one lower-case hexadecimal digit, raw or escaped. */
export const HEX_DIGIT = `(?:[0-9a-f]|${numbered('(?:3[0-9]|6[1-6])', '(?:4[89]|5[0-7]|9[7-9]|10[0-2])')})`;

/** The encoding of a match of a {@link tolerant} pattern. */
export function escapesIn(match: string): 'raw' | 'URL-encoded' | 'JSON-escaped' | 'escaped' {
  const url = /%[0-9a-fA-F]{2}/.test(match);
  const json = /\\?u00[0-9a-fA-F]{2}/.test(match);
  if (url && !json) return 'URL-encoded';
  if (json && !url) return 'JSON-escaped';
  return url || /\\|&(?:#|\w+;)|x[0-9a-fA-F]{2}/.test(match) ? 'escaped' : 'raw';
}

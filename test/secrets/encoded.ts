import fc from 'fast-check';

/** A canary's value, generated here: the tests do not take it from the code under test. */
export const canaries = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 36, maxLength: 36 })
  .map((digits) => `phase9canary${digits.join('')}`);

const each = (value: string, one: (character: string, index: number) => string): string => [...value].map(one).join('');
const percent = (character: string, upper: boolean): string => {
  const hex = Buffer.from(character).toString('hex').match(/../g) ?? [];
  return hex.map((byte) => `%${upper ? byte.toUpperCase() : byte}`).join('');
};
const unicode = (character: string, upper: boolean): string => {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const hex = units.map((unit) => unit.toString(16).padStart(4, '0'));
  return hex.map((one) => `\\u${upper ? one.toUpperCase() : one}`).join('');
};

/** Every encoding, also those that escape only some of the characters: `mask` selects them, and the digits in upper case. */
export const encodings: Readonly<Record<string, (value: string, mask: readonly number[]) => string>> = {
  raw: (value) => value,
  'URL-encoded': (value, mask) =>
    each(value, (character, index) =>
      mask[index % mask.length] ? percent(character, mask[index % mask.length] === 2) : character,
    ),
  'JSON-escaped': (value, mask) =>
    each(value, (character, index) =>
      mask[index % mask.length] ? unicode(character, mask[index % mask.length] === 2) : character,
    ),
  hex: (value) => Buffer.from(value).toString('hex'),
  'upper-case hex': (value) => Buffer.from(value).toString('hex').toUpperCase(),
  ...Object.fromEntries(
    [0, 1, 2].flatMap((shift) =>
      (['base64', 'base64url'] as const).map((encoding) => [
        `${encoding}, ${shift} bytes in`,
        (value: string) => Buffer.from(`${'?>'.repeat(2).slice(0, shift)}${value}~~`).toString(encoding),
      ]),
    ),
  ),
};

export const masks = fc.array(fc.constantFrom(0, 1, 2), { minLength: 1, maxLength: 7 });

/** Line wraps between two characters. */
export const wraps = fc.constantFrom(
  '\n',
  '\r\n',
  '\n    ',
  '\r\n\t',
  '=\n',
  '=\r\n',
  '\\n',
  '\\r\\n',
  '\\\\n',
  '\\\n  ',
  '\n\n  ',
  '%0A',
  '%0d%0a',
  '\0',
);

/** Text around a value, with the characters that encodings consist of. */
export const surroundings = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.array(fc.constantFrom(...'abcdef0123456789%\\u+/=_-" \n\r\t'), { maxLength: 60 }).map((all) => all.join('')),
);

import { base64Cores, escapesIn, HEX_DIGIT, lasting, literal, tolerant } from './encodings';
import { credentialShapes } from './shapes';

/** A pattern for one form of a value in a text. */
export interface Search {
  /** The kind of secret, for a finding; never the value. */
  readonly secret: string;
  readonly pattern: RegExp;
  /** The encoding of a match, given with the text that its group saw behind it; undefined when the match is not the value. */
  readonly encoding: (match: string) => string | undefined;
}

/** The canaries that staging puts where an owner's secrets are: this prefix and 36 hexadecimal digits. */
const PREFIX = 'phase9canary';
const DIGITS = 36;

const CANARY = 'a staged canary';

/** Finds every canary by its shape, also those of other runs. */
export const canarySearches: readonly Search[] = [
  { secret: CANARY, pattern: new RegExp(`${tolerant(PREFIX)}${HEX_DIGIT}{${DIGITS}}`, 'g'), encoding: escapesIn },
  {
    secret: CANARY,
    pattern: new RegExp(`${Buffer.from(PREFIX).toString('hex')}(?:3[0-9]|6[1-6]){${DIGITS}}`, 'gi'),
    encoding: () => 'hex',
  },
  ...base64Cores(Buffer.from(PREFIX)).map(({ shift, skipped, text }): Search => {
    const length = Math.ceil(((shift + PREFIX.length + DIGITS) * 8) / 6) - skipped;
    return {
      secret: CANARY,
      // A look-ahead, because the next canary may begin in the text behind the match.
      pattern: new RegExp(`${literal(text)}(?=([A-Za-z0-9+/_-]{${length - text.length}}))`, 'g'),
      encoding: (match) => {
        const decoded = Buffer.from(`${'A'.repeat(skipped)}${match}`, 'base64').toString('latin1');
        return CANARY_TAIL.test(decoded.slice(shift + 1)) ? 'base64' : undefined;
      },
    };
  }),
];

// Some bits of the first character may belong to the text before it.
const CANARY_TAIL = new RegExp(`^${PREFIX.slice(1)}[0-9a-f]{${DIGITS}}`);

/** Shorter secrets would be found everywhere. */
const SHORTEST = 8;

/** Whether a value is long enough to be searched for; characters that a line wrap may swallow do not count. */
export function isSearchable(value: string): boolean {
  return lasting(value).join('').length >= SHORTEST;
}

/**
 * Finds a secret of known value.
 * @throws RangeError when the value is not {@link isSearchable}.
 */
export function knownSearches(value: string): Search[] {
  if (!isSearchable(value)) throw new RangeError(`a secret of fewer than ${SHORTEST} characters is found everywhere`);
  const secret = 'a secret of this run';
  const bytes = Buffer.from(value, 'utf8');
  const always = (name: string) => () => name;
  return [
    { secret, pattern: new RegExp(tolerant(value), 'g'), encoding: escapesIn },
    { secret, pattern: new RegExp(bytes.toString('hex'), 'gi'), encoding: always('hex') },
    ...base64Cores(bytes).map(({ text }) => ({
      secret,
      pattern: new RegExp(text.replaceAll('+', '(?:[+-]|%2[bB])').replaceAll('/', '(?:\\\\?/|_|%2[fF])'), 'g'),
      encoding: always('base64'),
    })),
  ];
}

/** Finds credentials by shape: secretlint's rules lack these, or have them in their strictest form only. */
export const credentialSearches: readonly Search[] = credentialShapes.map(({ what, pattern }) => ({
  secret: what,
  pattern,
  encoding: () => 'raw',
}));

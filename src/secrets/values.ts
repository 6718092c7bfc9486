import { base64Cores, escapesIn, HEX_DIGIT, lasting, literal, tolerant } from './encodings';
import { credentialShapes } from './shapes';

/** One way in which one value may stand in a text. */
export interface Search {
  /** What it looks for, for the reader of a finding; never the value. */
  readonly secret: string;
  readonly pattern: RegExp;
  /** Of what it matched, and of what its group saw behind that: the encoding in which a match is the value; undefined when it is not the value after all. */
  readonly encoding: (match: string) => string | undefined;
}

/** The canaries that staging puts where an owner's secrets are: this prefix and 36 hexadecimal digits. */
const PREFIX = 'phase9canary';
const DIGITS = 36;

const CANARY = 'a staged canary';

/** Every canary, also one of another run: found by its shape. */
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
      // What follows is looked at and not taken: the next canary may begin in it.
      pattern: new RegExp(`${literal(text)}(?=([A-Za-z0-9+/_-]{${length - text.length}}))`, 'g'),
      encoding: (match) => {
        const decoded = Buffer.from(`${'A'.repeat(skipped)}${match}`, 'base64').toString('latin1');
        return CANARY_TAIL.test(decoded.slice(shift + 1)) ? 'base64' : undefined;
      },
    };
  }),
];

// Of the first character some bits may belong to what stands before it.
const CANARY_TAIL = new RegExp(`^${PREFIX.slice(1)}[0-9a-f]{${DIGITS}}`);

/** Shorter ones would be found everywhere. */
const SHORTEST = 8;

/** Whether a value is long enough to be searched for; characters that a line wrap may swallow do not count. */
export function isSearchable(value: string): boolean {
  return lasting(value).join('').length >= SHORTEST;
}

/**
 * A secret whose value is known.
 * @throws RangeError when it is not {@link isSearchable}.
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

/** Credentials that have a shape of their own and that the scanner's own rules do not know, or know in their strictest form only. */
export const credentialSearches: readonly Search[] = credentialShapes.map(({ what, pattern }) => ({
  secret: what,
  pattern,
  encoding: () => 'raw',
}));

import { encodingsOf } from './encodings';
import { credentialShapes } from './shapes';

/** Longest text that a record, a message or a log line may carry, in characters. */
export const TEXT_BOUND = 4000;

const secrets = new Set<string>();

/** Registers a secret that this process staged: from now on {@link redact} removes it from every text. */
export function registerSecret(value: string): void {
  if (value.length < 8) throw new Error('a secret of fewer than 8 characters would redact half of every text');
  secrets.add(value);
}

/** The secrets that this process registered so far, for a scan of its files. */
export function registeredSecrets(): readonly string[] {
  return [...secrets];
}

/** `text` without registered secrets, in any encoding, and without anything in the shape of a credential. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) {
    for (const { text: encoded } of encodingsOf(secret)) clean = clean.replaceAll(encoded, '[redacted]');
  }
  for (const { pattern, redacted } of credentialShapes) clean = clean.replace(redacted ?? pattern, '[redacted]');
  return clean;
}

/** {@link redact}, then cut in the middle to at most `limit` characters: beginning and end are the most informative. */
export function bounded(text: string, limit: number = TEXT_BOUND): string {
  const clean = redact(text);
  if (clean.length <= limit) return clean;
  const half = Math.floor((limit - 40) / 2);
  return `${clean.slice(0, half)}\n… ${clean.length - 2 * half} characters left out …\n${clean.slice(-half)}`;
}

/**
 * The kinds of credentials in `content`, and of these canaries by encoding; never their values.
 * @param content bytes of any kind: a secret need not be ASCII
 */
export function credentialsIn(content: Buffer, canaries: readonly string[]): string[] {
  const text = content.toString('latin1');
  const shapes = credentialShapes.filter(({ pattern }) => text.search(pattern) !== -1).map(({ what }) => what);
  const lowered = text.toLowerCase();
  const staged = canaries
    .flatMap(encodingsOf)
    .filter(
      ({ name, text: encoded }) =>
        content.includes(encoded, 0, 'utf8') || (name === 'hex' && lowered.includes(encoded)),
    )
    .map(({ name }) => `a staged canary secret (${name})`);
  return [...shapes, ...staged];
}

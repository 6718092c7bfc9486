import { encodingsOf } from './encodings';
import { credentialShapes } from './shapes';

/** Longest text that a record, a message or a log line may carry, in characters. */
export const TEXT_BOUND = 4000;

const secrets = new Set<string>();

/** Registers a secret that this process staged: from now on it never leaves the process in a text that goes through {@link redact}. */
export function registerSecret(value: string): void {
  if (value.length < 8) throw new Error('a secret of fewer than 8 characters would redact half of every text');
  secrets.add(value);
}

/** The secrets that this process registered so far, for a scan of what it leaves behind. */
export function registeredSecrets(): readonly string[] {
  return [...secrets];
}

/** Takes every registered secret and every known credential shape out of `text`. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) {
    for (const { text: encoded } of encodingsOf(secret)) clean = clean.replaceAll(encoded, '[redacted]');
  }
  for (const { pattern, redacted } of credentialShapes) clean = clean.replace(redacted ?? pattern, '[redacted]');
  return clean;
}

/** {@link redact}, then cut to {@link TEXT_BOUND} characters from the middle: beginning and end tell most. */
export function bounded(text: string, limit: number = TEXT_BOUND): string {
  const clean = redact(text);
  if (clean.length <= limit) return clean;
  const half = Math.floor((limit - 40) / 2);
  return `${clean.slice(0, half)}\n… ${clean.length - 2 * half} characters left out …\n${clean.slice(-half)}`;
}

/** What `find` shapes a credential has, for the scan of a backup. Names only; the value is never returned. */
export function credentialsIn(content: Buffer, canaries: readonly string[]): string[] {
  const text = content.toString('latin1');
  const found = credentialShapes.filter(({ pattern }) => text.search(pattern) !== -1).map(({ what }) => what);
  const lowered = text.toLowerCase();
  for (const canary of canaries) {
    for (const { name, text: encoded } of encodingsOf(canary)) {
      // Bytes with bytes: a secret need not be ASCII.
      const there = content.includes(encoded, 0, 'utf8') || (name === 'hex' && lowered.includes(encoded));
      if (there) found.push(`a staged canary secret (${name})`);
    }
  }
  return found;
}

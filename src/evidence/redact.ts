import { base64Cores } from '../secrets/base64-core';

/** Longest text that a record, a message or a log line may carry, in characters. */
export const TEXT_BOUND = 4000;

const shapes: readonly RegExp[] = [
  /nvapi-[A-Za-z0-9_-]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{8,}/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*/g,
  /\bgh[pousr]_[A-Za-z0-9]{16,}/g,
];

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

/** The encodings under which a secret may stand in a text, the raw one first. */
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

/** Takes every registered secret and every known credential shape out of `text`. */
export function redact(text: string): string {
  let clean = text;
  for (const secret of secrets) {
    for (const { text: encoded } of encodingsOf(secret)) clean = clean.replaceAll(encoded, '[redacted]');
  }
  for (const shape of shapes) clean = clean.replace(shape, '[redacted]');
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
  const found: string[] = [];
  if (/nvapi-[A-Za-z0-9_-]{8,}/.test(text)) found.push('an nvapi- key');
  if (/(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{16,}/.test(text)) found.push('an sk- key');
  if (/\bBearer\s+(?!\$|openshell:)[A-Za-z0-9._~+/-]{16,}/.test(text)) found.push('a Bearer token');
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

/** A credential that is recognised by its shape alone. */
interface CredentialShape {
  /** Its name in a finding. */
  readonly what: string;
  readonly pattern: RegExp;
  /** A wider pattern for redaction, which may also remove a text that only resembles a credential. */
  readonly redacted?: RegExp;
}

/** The one list of credential shapes: scans find them, backups must not contain them, records and messages have them redacted. */
export const credentialShapes: readonly CredentialShape[] = [
  { what: 'an nvapi- key', pattern: /nvapi-[A-Za-z0-9_-]{8,}/g },
  {
    what: 'an sk- key',
    pattern: /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{16,}/g,
    redacted: /\bsk-[A-Za-z0-9_-]{8,}/g,
  },
  {
    what: 'a Bearer token',
    // A placeholder or a variable is not a token.
    pattern: /\bBearer\s+(?!\$|openshell:)[A-Za-z0-9._~+/-]{16,}/g,
    redacted: /\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*/g,
  },
  {
    what: 'a GitHub token',
    pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{22,})/g,
  },
  { what: 'a Discord bot token', pattern: /\b[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/g },
];

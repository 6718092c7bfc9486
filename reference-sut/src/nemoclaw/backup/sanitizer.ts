import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';

/** A value in place of a credential: the gateway or the shell resolves it, or nothing does. */
const PLACEHOLDER = /^(?:openshell:resolve:env:[\w]+|\$\{?\w+\}?|unused|none|null|true|false|)$/i;
/** Keys whose value is a credential. */
const SECRET_KEY = /(?:token|api[_-]?key|private[_-]?key|secret|password|passwd|passphrase)$/i;
/** In a .env file, which exists for such values, more names count. */
const SECRET_VARIABLE = /(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIALS?|_PAT)$/i;
/** Credential shapes that are recognised anywhere. Where there is a group, only that is removed. */
const SHAPES: readonly RegExp[] = [
  /\bnvapi-[A-Za-z0-9_-]{8,}/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/g,
  /\bxox[abposr]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b[MNO][A-Za-z0-9_-]{22,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,}/g, // a Discord bot's token
  /\b[Bb]earer\s+([A-Za-z0-9._~+/-]{12,}=*)/g,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:([^\s/:@"']{8,})@/gi, // a password in an address
];
/** In a binary file a value can stand right behind any byte, so that no word boundary marks its beginning. */
const BINARY_SHAPES: readonly RegExp[] = [
  /nvapi-[A-Za-z0-9_-]{8,}/g,
  /sk-(?:[A-Za-z0-9]{20,}|(?:proj|ant|or)-[A-Za-z0-9_-]{16,})/g,
  /gh[pousr]_[A-Za-z0-9]{30,}/g,
  ...SHAPES.slice(3),
];
/** Package lockfiles contain integrity strings that look like tokens and are none (sut-contract.md, “Durable state”). */
const LOCKFILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|\.package-lock\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock|Cargo\.lock)$/;

const WITHHELD = '[withheld]';

/** The reason to leave a file out of a backup altogether, or undefined. `path` is relative to the state root. */
export function reasonToLeaveOut(path: string): string | undefined {
  if (/^credentials(?:\/|$)/.test(path)) return 'credential store';
  if (/(?:^|\/)auth-profiles\.json[^/]*$/.test(path)) return 'authentication profiles';
  return undefined;
}

/** Each form in which a secret could stand in a file: raw, base64 (both alphabets), URL-encoded, hex (both cases). */
export function formsOf(secrets: readonly string[]): string[] {
  const forms = secrets
    .filter((secret) => secret.length >= 8) // shorter ones would hit by chance
    .flatMap((secret) => {
      const bytes = Buffer.from(secret);
      const hex = bytes.toString('hex');
      const base64 = bytes.toString('base64').replace(/=+$/, '');
      return [secret, base64, bytes.toString('base64url'), encodeURIComponent(secret), hex, hex.toUpperCase()];
    });
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Whether a value under such a key is a credential, as far as its name tells. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

export interface Sanitized {
  readonly bytes: Buffer;
  /** How many values were taken out. */
  readonly withheld: number;
}

/**
 * Takes credentials out of one file's bytes and leaves all others as they are. Texts are handled as latin1, so that each
 * byte stays what it was; in binary files a value is overwritten by as many `x`, so that offsets stay valid.
 */
export function sanitize(path: string, bytes: Buffer, secretForms: readonly string[]): Sanitized {
  if (LOCKFILE.test(path)) return { bytes, withheld: 0 };
  const text = bytes.toString('latin1');
  const binary = bytes.includes(0);
  let withheld = 0;
  let result = text;
  const count = (): void => {
    withheld += 1;
  };
  if (!binary) {
    if (/\.(?:json|jsonl|json5)(?:\.[\w-]+)*$/i.test(path)) result = sanitizeJson(result, count);
    else if (/\.ya?ml(?:\.[\w-]+)*$/i.test(path)) result = sanitizeYaml(result, count);
    else if (/(?:^|\/)[^/]*\.env(?:\.[^/]*)?$/i.test(path)) result = sanitizeEnv(result, count);
    if (!isWellFormed(path, text)) result = sanitizeAssignments(result, count);
  }
  result = maskShapes(result, secretForms, binary, count);
  return withheld === 0 ? { bytes, withheld } : { bytes: Buffer.from(result, 'latin1'), withheld };
}

/** Whether a file's own format was understood; what is no JSON by its name or its content is searched for assignments of any kind. */
function isWellFormed(path: string, text: string): boolean {
  if (/\.(?:toml|ini|cfg|conf|properties|json5)(?:\.[\w-]+)*$/i.test(path)) return false;
  if (!/\.json(?:\.[\w-]+)*$/i.test(path)) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** `key = value` and `key: value` in any notation, up to the end of the value or of the line. */
const ASSIGNMENT = /(["']?)([\w.-]+)\1([ \t]*[:=][ \t]*)("(?:[^"\\\n]|\\.)*"?|'[^'\n]*'?|[^\s"',;}\]]+)/g;

function sanitizeAssignments(text: string, count: () => void): string {
  return text.replace(ASSIGNMENT, (whole, quote: string, key: string, sign: string, value: string) => {
    if (!isSecret(key, value.replace(/^["']|["']$/g, ''))) return whole;
    count();
    return `${quote}${key}${quote}${sign}""`;
  });
}

function maskShapes(text: string, forms: readonly string[], binary: boolean, count: () => void): string {
  const mask = (found: string): string => {
    count();
    return binary ? 'x'.repeat(found.length) : WITHHELD;
  };
  let result = text;
  for (const form of forms) if (result.includes(form)) result = result.replaceAll(form, mask);
  for (const shape of binary ? BINARY_SHAPES : SHAPES) {
    result = result.replace(shape, (whole: string, group: unknown) =>
      typeof group === 'string' ? whole.replace(group, mask(group)) : mask(whole),
    );
  }
  return result;
}

/** A value under such a key is a credential, unless it is a placeholder; a very short `token` is a word. */
function isSecret(key: string, value: string): boolean {
  if (!SECRET_KEY.test(key) || PLACEHOLDER.test(value.trim())) return false;
  return !/token$/i.test(key) || value.length >= 8;
}

const JSON_PAIR = /"((?:[^"\\]|\\.)*)"(\s*:\s*)("(?:[^"\\]|\\.)*"|\[[^[\]{}]*\]|-?\d[\d.eE+-]*)/g;

function sanitizeJson(text: string, count: () => void): string {
  return text.replace(JSON_PAIR, (whole: string, key: string, colon: string, value: string) => {
    if (!SECRET_KEY.test(key)) return whole;
    if (value.startsWith('[')) {
      if (!value.includes('"')) return whole;
      count();
      return `"${key}"${colon}[]`;
    }
    // A number under such a key is a count or a limit (maxToken), unless a password is spelt in digits.
    if (!value.startsWith('"') && !/(?:password|secret)$/i.test(key)) return whole;
    if (!isSecret(key, value.replace(/^"|"$/g, ''))) return whole;
    count();
    return `"${key}"${colon}""`;
  });
}

/** The places [from, to) of secret scalars in a YAML text; undefined where it can't be parsed. */
function secretRanges(text: string): [number, number][] | undefined {
  const document = parseDocument(text, { lineCounter: new LineCounter(), logLevel: 'silent' });
  if (document.errors.length > 0) return undefined;
  const ranges: [number, number][] = [];
  visit(document, {
    Pair(_, pair) {
      if (!isPair(pair) || !isScalar(pair.key)) return;
      const key = String(pair.key.value);
      const scalars = isSeq(pair.value) ? pair.value.items : [pair.value];
      if (isMap(pair.value)) return;
      for (const scalar of scalars) {
        if (!isScalar(scalar) || scalar.value === null || !scalar.range) continue;
        const telling = typeof scalar.value === 'string' || /(?:password|secret)$/i.test(key);
        if (telling && isSecret(key, String(scalar.value))) ranges.push([scalar.range[0], scalar.range[1]]);
      }
    },
  });
  return ranges.sort((a, b) => b[0] - a[0]);
}

function sanitizeYaml(text: string, count: () => void): string {
  const ranges = secretRanges(text);
  if (ranges === undefined) {
    return text.replace(/^(\s*(?:-\s+)?["']?([\w.-]+)["']?\s*:[ \t]*)(\S.*)$/gm, (whole, head, key, value) => {
      if (!isSecret(key, value.replace(/^["']|["']$/g, ''))) return whole;
      count();
      return `${head}''`;
    });
  }
  return ranges.reduce((result, [from, to]) => {
    count();
    // A block scalar's range ends behind its last line break, which belongs to the file's layout.
    const end = text.slice(from, to).endsWith('\n') ? '\n' : '';
    return `${result.slice(0, from)}''${end}${result.slice(to)}`;
  }, text);
}

/** Long, without spaces, letters and digits mixed: in a .env file that counts as a credential. */
function looksOpaque(value: string): boolean {
  return /^[A-Za-z0-9_.+/=-]{24,}$/.test(value) && /[A-Za-z]/.test(value) && /\d/.test(value) && !value.startsWith('/');
}

function sanitizeEnv(text: string, count: () => void): string {
  return text.replace(/^([ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=)(.*)$/gm, (whole, head, name, rest) => {
    const value = String(rest)
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2');
    if (PLACEHOLDER.test(value)) return whole;
    if (!SECRET_VARIABLE.test(name) && !looksOpaque(value)) return whole;
    count();
    return head;
  });
}

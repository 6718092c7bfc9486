import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { sanitize } from '../../src/nemoclaw/backup/sanitizer';

const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 36, maxLength: 36 });
const digits = fc.bigInt({ min: 10n ** 12n, max: 10n ** 13n - 1n }).map(String);

/** Each notation with one credential and two values that are none. */
const NOTATIONS: readonly [name: string, text: (secret: string, one: string, other: string) => string][] = [
  ['half-written JSON', (s, a, b) => `{"label": "${a}",, "refresh_token": "${s}", limit: ${b}, "client_secret": "${s}`],
  ['JSON5', (s, a, b) => `// ${a}\n{ label: '${b}', token: '${s}', oauth: { access_token: "${s}" } }`],
  [
    'TOML',
    (s, a, b) => `[x]\nlabel = "${a}"\napi_key = "${s}"\nmax_tokens = ${b}\nurl = "postgres://o:${s}@db.test/x"\n`,
  ],
  [
    'JSON lines',
    (s, a, b) => `{"content":"${a}"}\n{"Authorization":"Bearer ${s}","client_secret":"${s}"}\n{"n":${b}}\n`,
  ],
  ['YAML', (s, a, b) => `# ${a}\napi_key: ${s}\nmax_tokens: ${b}\nlist:\n  - password: "${s}"\n`],
];
const ENDS: Readonly<Record<string, string>> = {
  'half-written JSON': 'json',
  JSON5: 'json5',
  TOML: 'toml',
  'JSON lines': 'jsonl',
  YAML: 'yaml',
};

describe('a backup takes credentials out of', () => {
  for (const [name, text] of NOTATIONS) {
    it(`${name}, and leaves what stands beside them`, () => {
      fc.assert(
        fc.property(hex, digits, digits, (secret, one, other) => {
          const given = Buffer.from(text(`phase9canary${secret}`, one, other));
          const clean = sanitize(`workspace/a.${ENDS[name]}`, given, []).bytes.toString();
          expect(clean).not.to.include(secret);
          expect(clean).to.include(one).and.to.include(other);
        }),
      );
    });
  }
});

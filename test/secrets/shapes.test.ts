import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { credentialsIn, redact } from '../../src/secrets/redact';
import { scanFiles } from '../../src/secrets/scan';
import { search } from '../../src/secrets/search';
import { credentialShapes } from '../../src/secrets/shapes';
import { credentialSearches } from '../../src/secrets/values';
import { temporaryDirectory } from '../temporary-directory';

const base = temporaryDirectory('shapes');

interface Examples {
  readonly credentials: readonly string[];
  /** Texts that resemble a credential, and that neither a scan nor a redaction takes for one. */
  readonly nearMisses: readonly string[];
  /** Texts that are redacted all the same: a redaction is wider than a scan. */
  readonly redactedOnly?: readonly string[];
}

const letters = (count: number) => 'aB3_-'.repeat(count).slice(0, count);
const digits = (count: number) => '0123456789'.repeat(count).slice(0, count);

/** Examples of each shape, written here anew and put together from parts, so that no other scanner takes this file for a leak. */
const shapes: Readonly<Record<string, Examples>> = {
  'an nvapi- key': {
    credentials: [`nvapi-${letters(8)}`, `nvapi-${letters(64)}`],
    nearMisses: ['nvapi-', `nvapi-${digits(7)}`, `nvapi_${digits(20)}`, 'nvapi-…'],
  },
  'an sk- key': {
    credentials: [`sk-${digits(16)}`, `sk-proj-${letters(40)}`],
    nearMisses: ['sk-', `sk-${digits(7)}`, `SK-${digits(20)}`],
    redactedOnly: [`sk-${digits(15)}`],
  },
  'a Bearer token': {
    credentials: [`Bearer ${digits(16)}`, `Bearer  ${digits(10)}.${digits(10)}`],
    nearMisses: ['Bearer ', `Bearer ${digits(7)}`, 'Bearer $TOKEN_OF_THE_OWNER', 'the bearer of good news'],
    redactedOnly: [`Bearer ${digits(15)}`, 'Bearer openshell:resolve:env:TOKEN_NAME'],
  },
  'a GitHub token': {
    credentials: [...'pousr'].map((kind) => `gh${kind}_${digits(16)}`).concat(`github_pat_${digits(11)}_${digits(10)}`),
    nearMisses: [`ghp_${digits(15)}`, `ghx_${digits(36)}`, `github_pat_${digits(21)}`, `xghp_${digits(36)}`],
  },
  'a Discord bot token': {
    credentials: [...'MNO'].map((kind) => `${kind}${digits(23)}.${letters(6)}.${letters(27)}`),
    nearMisses: [
      `M${digits(22)}.${letters(6)}.${letters(27)}`,
      `M${digits(23)}.${letters(5)}.${letters(27)}`,
      `M${digits(23)}.${letters(6)}.${letters(26)}`,
      `P${digits(23)}.${letters(6)}.${letters(27)}`,
    ],
  },
};

async function scanned(text: string): Promise<string[]> {
  const file = path.join(base, 'text');
  writeFileSync(file, `first line\n${text}\n`);
  return (await scanFiles([file], { base })).filter(({ line }) => line === 2).map(({ secret }) => secret);
}

const byShape = (text: string) => search(text, credentialSearches).map(({ secret }) => secret);
const inBytes = (text: string) => credentialsIn(Buffer.from(text), []);

describe('the shapes of credentials', () => {
  it('have examples here, each of them', () => {
    expect(Object.keys(shapes)).to.deep.equal(credentialShapes.map(({ what }) => what));
  });

  for (const [what, { credentials, nearMisses, redactedOnly = [] }] of Object.entries(shapes)) {
    it(`${what} is found by a scan and in a backup, and is redacted`, async () => {
      for (const credential of credentials) {
        const text = `"before": "${credential}" after`;
        expect(await scanned(text), credential).to.include(`${what} (raw)`);
        expect(byShape(text), credential).to.deep.equal([`${what} (raw)`]);
        expect(inBytes(text), credential).to.deep.equal([what]);
        expect(redact(text)).to.equal('"before": "[redacted]" after');
      }
    });

    it(`a near miss of ${what} is not`, async () => {
      for (const text of [...nearMisses, ...redactedOnly]) {
        expect(byShape(text), text).to.deep.equal([]);
        expect(
          (await scanned(text)).filter((secret) => secret.includes('(raw)')),
          text,
        ).to.deep.equal([]);
        expect(inBytes(text), text).to.deep.equal([]);
      }
      for (const text of nearMisses) expect(redact(text)).to.equal(text);
      for (const text of redactedOnly) expect(redact(text)).to.include('[redacted]');
    });
  }

  it('are not those of names that only end alike', () => {
    const name = `task-${digits(19)}`;
    expect(byShape(name)).to.deep.equal([]);
    expect(inBytes(name)).to.deep.equal([]);
  });

  it('are found also where a line wrap splits a credential', () => {
    expect(byShape(`nvapi-${digits(4)}\n  ${digits(8)}`)).to.deep.equal(['an nvapi- key (raw, split by a line wrap)']);
  });
});

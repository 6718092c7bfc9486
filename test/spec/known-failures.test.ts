import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import {
  KNOWN_FAILURES,
  knownFailure,
  knownOf,
  loadKnownFailures,
  parseKnownFailures,
} from '../../src/spec/known-failures';
import { knownReleases } from '../../src/sut/releases/choose';

const FILE = '/somewhere/known.yaml';
const HEAD = 'version: 1\nknown:\n  product:\n    v0.0.53:\n';
const entry = (id: string, more = '') =>
  `      - id: ${id}\n${more}        what: The product does something else than it should.\n        report: none\n        since: v0.0.53\n`;
const ID = 'rebuild.openclaw.custom-policy-preserved';
const WITH_VARIANT = 'suite.rebuild.hermes_config_preserved';

describe('known failures', () => {
  it('of the product of May are in the repository', () => {
    const known = knownOf(loadKnownFailures(), { kind: 'product', version: 'v0.0.53' });
    expect(known.map(({ id }) => id)).to.include.members([
      ID,
      'rebuild.hermes.platform-config-preserved',
      WITH_VARIANT,
      'rebuild.lifecycle.aborts-when-not-running',
      'exdev.replacement.recovers',
    ]);
    for (const { what } of known) expect(what).to.match(/^[A-Z].*\.$/s);
  });

  it('are of their kind and their release alone, with or without a leading v', () => {
    const known = parseKnownFailures(FILE, HEAD + entry(ID));
    const of = (kind: 'reference' | 'product', version: string) => knownOf(known, { kind, version }).length;
    expect([of('product', '0.0.53'), of('product', 'v0.0.53')]).to.deep.equal([1, 1]);
    expect([of('reference', '0.0.53'), of('product', '0.0.54'), of('product', '0.0.5')]).to.deep.equal([0, 0, 0]);
    const bare = parseKnownFailures(FILE, HEAD.replace('v0.0.53', '0.0.53') + entry(ID));
    expect(bare).to.deep.equal(known);
  });

  it('can be those of every release whose facts are known, under the name that its records have', () => {
    for (const name of knownReleases.map((one) => one.name)) {
      const known = parseKnownFailures(FILE, HEAD.replace('v0.0.53', name) + entry(ID));
      expect(knownOf(known, { kind: 'product', version: name.replace(/^v/, '') }).length).to.equal(1);
    }
  });

  it('are of one variant where they name it, of all otherwise', () => {
    const sut = { kind: 'product', version: '0.0.53' } as const;
    const one = parseKnownFailures(FILE, HEAD + entry(WITH_VARIANT, '        variant: hermes\n'));
    const all = parseKnownFailures(FILE, HEAD + entry(WITH_VARIANT));
    const found = (known: typeof one, variant: string | null) =>
      knownFailure(known, sut, { id: WITH_VARIANT, variant }) !== undefined;
    expect(['hermes', 'other', null].map((variant) => found(one, variant))).to.deep.equal([true, false, false]);
    expect(['hermes', 'other', null].map((variant) => found(all, variant))).to.deep.equal([true, true, true]);
  });

  describe('that are malformed', () => {
    const refused: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
      ['no ID of the ledger', HEAD + entry('rebuild.openclaw.nothing'), /:5:13: .*the ledger has no assertion rebuild/],
      [
        'a variant of none',
        HEAD + entry(ID, '        variant: hermes\n'),
        /:6:18: .*has no variant hermes; there are: none/,
      ],
      ['an ID twice', HEAD + entry(ID) + entry(ID), /:9:13: .*stands there twice/],
      [
        'an ID as a whole and in a variant',
        HEAD + entry(WITH_VARIANT) + entry(WITH_VARIANT, '        variant: hermes\n'),
        /:9:13: .*stands there twice/,
      ],
      ['a release twice', `${HEAD}${entry(ID)}    0.0.53:\n${entry(ID)}`, /:10:7: .*the release stands there twice/],
      ['no release', HEAD.replace('v0.0.53', 'May') + entry(ID), /:5:7: .*May: names no release such as v0\.0\.53/],
      ['no sentence', (HEAD + entry(ID)).replace(/what: .*/, 'what: broken'), /:6:15: .*in a sentence/],
      ['no report', (HEAD + entry(ID)).replace('report: none', 'report: 1980'), /:7:17: /],
      ['no date', (HEAD + entry(ID)).replace('since: v0.0.53', 'since: lately'), /:8:16: .*the release or the date/],
      ['an unknown field', HEAD + entry(ID, '        until: v0.0.54\n'), /until/],
      ['syntax', `${HEAD}      - id: "`, /:5:\d+: /],
    ];
    for (const [what, text, complaint] of refused) {
      it(`by ${what} are refused, with file, line and column`, () => {
        expect(() => parseKnownFailures(FILE, text)).to.throw(complaint);
        expect(() => parseKnownFailures(FILE, text)).to.throw(/somewhere\/known\.yaml:\d+:\d+: /);
      });
    }
  });

  it('stand in a file that explains its fields', () => {
    const text = readFileSync(inRepository(KNOWN_FAILURES), 'utf8');
    for (const field of ['id', 'variant', 'what', 'report', 'since'])
      expect(text).to.match(new RegExp(`^# +${field} `, 'm'));
  });
});

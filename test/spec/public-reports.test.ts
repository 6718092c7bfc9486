import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { inRepository } from '../../src/repository';
import { type Ledger, type LedgerAssertion, loadLedger } from '../../src/spec/ledger';
import { loadPublicReports, PUBLIC_REPORTS, parsePublicReports, seenReports } from '../../src/spec/public-reports';

const ledger = loadLedger();
const [first] = [...ledger.byId.values()];
if (!first) throw new Error('the ledger has an assertion');

/** A ledger in which an assertion names each of `reports`. */
const naming = (...reports: readonly string[]): Ledger => {
  const all = reports.map((report): LedgerAssertion => ({ ...first, id: `sees.${report}`, reports: [report] }));
  return { ...ledger, byId: new Map(all.map((one) => [one.id, one])) };
};

const FILE = '/somewhere/reports.yaml';
const WHAT = 'A rebuild lost what its owner had.';
const entry = (sources: string, more = '') => `  - sources: ${sources}\n    what: ${WHAT}\n    rows: [AQ-050]\n${more}`;
const file = (...entries: readonly string[]) => `version: 1\nreports:\n${entries.join('')}`;
const parsed = (text: string, of = naming()) => parsePublicReports(FILE, text, of);

describe('the public reports', () => {
  it('contain every report that the ledger names', () => {
    const known = new Set(loadPublicReports().flatMap(({ sources }) => sources.map(({ report }) => report)));
    const unknown = [...ledger.byId.values()].flatMap(({ id, reports }) =>
      reports.filter((report) => !known.has(report)).map((report) => `${report}, named by ${id}`),
    );
    expect(unknown, `not in ${PUBLIC_REPORTS}`).to.deep.equal([]);
  });

  it('tell of which release on a report is, where that is a later one', () => {
    const [one] = parsed(file(entry('[a/b#1, { report: a/b#2, after: v0.0.53 }]')));
    expect(one).to.deep.equal({
      sources: [
        { report: 'a/b#1', after: null },
        { report: 'a/b#2', after: 'v0.0.53' },
      ],
      ...{ what: WHAT, rows: ['AQ-050'], also: [], unseen: null },
    });
  });

  it('are shown by the assertions that name one of their numbers, and by no other', () => {
    const number = fc.integer({ min: 1, max: 12 });
    const groups = fc.uniqueArray(number, { minLength: 1 }).map((all) => {
      const at = Math.ceil(all.length / 2);
      return [all.slice(0, at), all.slice(at)].filter((one) => one.length > 0);
    });
    fc.assert(
      fc.property(groups, fc.uniqueArray(number), (numbers, named) => {
        const reports = parsed(file(...numbers.map((all) => entry(`[${all.map((one) => `a/b#${one}`).join(', ')}]`))));
        const seen = seenReports(reports, naming(...named.map((one) => `a/b#${one}`)));
        const expected = numbers.map((all) => named.filter((one) => all.includes(one)).map((one) => `sees.a/b#${one}`));
        expect(seen.map(({ assertions }) => assertions)).to.deep.equal(expected);
      }),
    );
  });

  it('of another entry do not make an entry seen', () => {
    const text = file(entry('[a/b#1]'), entry('[a/b#2]', '    also: [a/b#1]\n'));
    const seen = seenReports(parsed(text), naming('a/b#1'));
    expect(seen.map(({ assertions }) => assertions.length)).to.deep.equal([1, 0]);
  });

  const reason = '    unseen: It cannot be staged on one machine.\n';
  const refused: readonly (readonly [what: string, text: string, complaint: RegExp])[] = [
    ['a number that is none', file(entry('[1980]')), /:3:15: .*is neither owner\/repository#number/],
    ['no number', file(entry('[]')), /:3:14: /],
    ['a release that is none', file(entry('[{ report: a/b#1, after: May }]')), /:3:39: .*a release such as v0\.0\.53/],
    ['a number twice', file(entry('[a/b#1]'), entry('[a/b#2, a/b#1]')), /:6:22: .*a\/b#1 stands there twice/],
    ['a row of no ledger', file(entry('[a/b#1]').replace('050', '999')), /:5:12: .*the ledger has no row AQ-999/],
    ['no sentence', file(entry('[a/b#1]').replace(WHAT, 'broken')), /:4:11: .*in a sentence/],
    ['a mention of nothing', file(entry('[a/b#1]', '    also: [a/b#2]\n')), /:6:12: .*a\/b#2 is of no other entry/],
    ['a mention of itself', file(entry('[a/b#1]', '    also: [a/b#1]\n')), /:6:12: .*is of no other entry/],
    ['a reason although one shows it', file(entry('[a/b#7]', reason)), /:6:13: .*names a\/b#7 under sees\.a\/b#7/],
    ['an unknown field', file(entry('[a/b#1]', '    seen: yes\n')), /seen/],
    ['syntax', file('  - sources: [\n'), /:\d+:\d+: /],
  ];
  for (const [what, text, complaint] of refused) {
    it(`with ${what} are refused, with file, line and column`, () => {
      expect(() => parsed(text, naming('a/b#7'))).to.throw(complaint);
      expect(() => parsed(text, naming('a/b#7'))).to.throw(/somewhere\/reports\.yaml:\d+:\d+: /);
    });
  }

  it('stand in a file that explains its fields', () => {
    const text = readFileSync(inRepository(PUBLIC_REPORTS), 'utf8');
    for (const field of ['sources', 'what', 'rows', 'also', 'unseen'])
      expect(text).to.match(new RegExp(`^# +${field} `, 'm'));
  });
});

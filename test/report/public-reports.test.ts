import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { RENEWS_THE_PAGE, reportsMarkdown, reportsText } from '../../src/report/public-reports';
import { inRepository } from '../../src/repository';
import { loadLedger } from '../../src/spec/ledger';
import { loadPublicReports, type SeenReport, seenReports } from '../../src/spec/public-reports';

const report = (number: number, otherwise: Partial<SeenReport> = {}): SeenReport => ({
  sources: [{ report: `a/b#${number}`, after: null }],
  ...{ what: 'A rebuild lost a | and a <b>.', rows: ['AQ-050'], also: [], unseen: null, assertions: [] },
  ...otherwise,
});
const reports = [
  report(1, { assertions: ['one.id', 'other.id'] }),
  report(2, { sources: [{ report: 'a/b#2', after: 'v0.0.53' }], unseen: 'Nobody can stage it.', also: ['a/b#1'] }),
  report(3),
];
const SUM = '3 defects reported: 1 shown by an assertion, 1 that none would show, 1 with no check yet.';

describe('docs/reports.md', () => {
  it('is what the command prints', () => {
    const page = `${reportsMarkdown(seenReports(loadPublicReports(), loadLedger())).join('\n')}\n`;
    const is = readFileSync(inRepository('docs/reports.md'), 'utf8');
    expect(is === page, `renew it by \`${RENEWS_THE_PAGE}\``).to.equal(true);
  });
});

describe('public reports', () => {
  it('are shown as text with their assertions, the reason why there is none, or that there is none yet', () => {
    expect(reportsText(reports)).to.deep.equal([
      'a/b#1  AQ-050',
      '  A rebuild lost a | and a <b>.',
      '  shown by  one.id',
      '  shown by  other.id',
      'a/b#2 (after v0.0.53)  AQ-050',
      '  A rebuild lost a | and a <b>.',
      '  also told of in a/b#1',
      '  no check: Nobody can stage it.',
      'a/b#3  AQ-050',
      '  A rebuild lost a | and a <b>.',
      '  no check yet',
      '',
      SUM,
    ]);
  });

  it('are rows of a table in the Markdown, in which nothing of their words is markup', () => {
    const lines = reportsMarkdown(reports);
    const lost = 'A rebuild lost a \\| and a \\<b>.';
    expect(lines.slice(lines.indexOf('|---|---|---|---|') + 1)).to.deep.equal([
      `| a/b#1 | ${lost} | AQ-050 | \`one.id\`, \`other.id\` |`,
      `| a/b#2 (after v0.0.53), cf. a/b#1 | ${lost} | AQ-050 | no check: Nobody can stage it. |`,
      `| a/b#3 | ${lost} | AQ-050 | no check yet |`,
    ]);
    expect(lines).to.include(SUM);
    expect(lines.join('\n')).to.include(RENEWS_THE_PAGE);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { escapeMarkdown, reportMarkdown } from '../../src/report/markdown';
import { reportModel } from '../../src/report/model';
import { aRecord } from '../evidence/a-record';
import { aFinding, anAudited, aSubmission } from './an-audit';
import { anyText } from './arbitrary';
import { HOSTILE, representative } from './representative';

const markdown = (...args: Parameters<typeof anAudited>) => reportMarkdown(reportModel(anAudited(...args)));

describe('the Markdown of an audit', () => {
  it('escapes markup, links, edges of cells and line breaks in every text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const bare = escapeMarkdown(text).replace(/&#\d+;/g, '');
        expect(bare).to.not.match(/[\\`*_{}[\]()<>&#|~!@$:"\n\r]|www\./);
      }),
    );
    expect(escapeMarkdown('a|b\n**c** https://d')).to.equal('a&#124;b &#42;&#42;c&#42;&#42; https&#58;//d');
  });

  it('has a row for each row, with a cell for each kind of system', () => {
    const lines = reportMarkdown(reportModel(representative())).split('\n');
    expect(lines).to.include('| row | reference | product |');
    for (const row of ['AQ-050', 'AQ-051', 'AQ-052']) {
      const [line = '', ...more] = lines.filter((one) => one.startsWith(`| **${row}** `));
      expect(more).to.deep.equal([]);
      expect(line.split(' | ')).to.have.length(3);
    }
  });

  it('counts assertions by standing, names failed gates, and shows the digests of the bundles', () => {
    const submission = aSubmission('a-run', [aRecord()]);
    const text = markdown([submission], { findings: [aFinding({ gate: 'secret', wrong: HOSTILE })] });
    expect(text).to.match(/1 passed, \d+ missing/);
    expect(text).to.include('failed gates: 5 secret').and.include(`\`${submission.digest}\``);
    expect(text).to.not.include('<script').and.not.include('<img');
  });

  it('shows a bounded number of findings and places, and how many more there are', () => {
    const ids = Array.from({ length: 30 }, (_, index) => aFinding({ id: `a.b${index}`, wrong: 'the same' }));
    const others = Array.from({ length: 100 }, (_, index) => aFinding({ wrong: `other ${index}` }));
    const text = markdown([], { findings: [...ids, ...others] });
    expect(text).to.include('and 25 more').and.include('and 61 findings more');
    expect(text.match(/^- \*\*/gm)).to.have.length(40);
  });

  it('marks a row that rests on amendments', () => {
    const id = 'rebuild.openclaw.completes';
    const text = markdown([], { findings: [aFinding({ id, effect: 'amended' })], amended: [id] });
    expect(text).to.include('evidence-complete, by amendments').and.include('🟡 evidence-complete, amended');
    expect(text).to.include('### Amended').and.not.include('✅ evidence-complete<br>');
  });

  it('stays far below the megabyte that a job summary may take', () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      aFinding({ id: `a.b${index}`, wrong: '<|>'.repeat(2000) + index }),
    );
    expect(Buffer.byteLength(markdown([], { findings }))).to.be.lessThan(200_000);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Comparison, changes, compareRuns } from '../../src/audit/compare/compare';
import { printComparison } from '../../src/cli/compare-print';
import type { EvidenceRecord } from '../../src/evidence/record';
import { comparisonMarkdown } from '../../src/report/comparison/markdown';
import { comparisonHtml } from '../../src/report/comparison/page';
import { escapeHtml } from '../../src/report/markup';
import { label } from '../../src/report/words';
import { parseKnownFailures } from '../../src/spec/known-failures';
import { aRecord, aSummary } from '../evidence/a-record';
import { aSubmission } from './an-audit';
import { someRecords } from './arbitrary';
import { HOSTILE } from './representative';

const KNOWN = 'rebuild.openclaw.completes';
const known = parseKnownFailures(
  'known.yaml',
  `version: 1\nknown:\n  reference:\n    v0.0.53:\n      - { id: ${KNOWN}, what: The product does something else., report: none, since: v0.0.50 }\n`,
);
const compared = (
  a: readonly EvidenceRecord[],
  b: readonly EvidenceRecord[],
  [was, is]: readonly [number, number] = [1000, 1000],
): Comparison =>
  compareRuns(
    { name: 'before', runs: [aSubmission('a', a, [aSummary({ wallMs: was })])] },
    { name: HOSTILE, runs: [aSubmission('b', b, [aSummary({ wallMs: is })])] },
    known,
  );
const text = (comparison: Comparison): string => {
  const lines: string[] = [];
  printComparison(comparison, (line) => lines.push(line));
  return lines.join('\n');
};
const OTHER = 'rebuild.openclaw.marker-preserved';
const good = [aRecord(), aRecord({ id: OTHER })];
const bad = good.map((one): EvidenceRecord => ({ ...one, verdict: 'failed', reason: `${HOSTILE}\nsecond line` }));
const renderings = { text, Markdown: comparisonMarkdown, page: comparisonHtml };

describe('a comparison', () => {
  it('as a page has every assertion that is not unchanged under one anchor, and no broken link', () => {
    fc.assert(
      fc.property(someRecords, someRecords, (a, b) => {
        const comparison = compared(a, b);
        const page = comparisonHtml(comparison);
        const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);
        expect(new Set(ids).size).to.equal(ids.length);
        for (const [, to = ''] of page.matchAll(/ href="#([^"]*)"/g)) expect(ids).to.include(to);
        for (const change of changes) {
          const shown = !['still-green', 'still-not-applicable'].includes(change);
          for (const one of comparison.assertions[change]) {
            expect(page.includes(`<span class="id">${escapeHtml(label(one))}</span>`)).to.equal(shown);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('as a page has only its own style, and no script', () => {
    const page = comparisonHtml(compared(good, bad));
    expect(page).to.match(
      /Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:; style-src &#39;sha256-/,
    );
    expect(page).to.not.match(/<script|script-src| style="| on[a-z]+="/);
  });

  for (const [name, render] of Object.entries(renderings)) {
    it(`as ${name} shows what turned red, its reason, the known failure, and the times`, () => {
      const shown = render(compared(good, bad, [10_000, 30_000]));
      expect(shown)
        .to.match(/Newly red/)
        .and.include('The product does something else');
      expect(shown)
        .to.match(/slower/)
        .and.match(/20\.0 s/);
      expect(shown).to.match(/one run(?::|&#58;) 20 % and at least 2 s/);
      expect(shown).to.match(/2 (?:assertions )?worse/);
      expect(shown).to.match(/\bknown\b/);
      for (const one of ['<script', '<img', '\u001b', '\u202e'])
        expect(shown).to.not.include(name === 'text' && one.startsWith('<') ? '\u001b' : one);
    });

    it(`as ${name} names what turned green, and what is missing`, () => {
      const shown = render(compared([...bad, aRecord({ id: 'rebuild.openclaw.backup-present' })], good));
      expect(shown)
        .to.match(/Newly green/)
        .and.match(/turned green/i)
        .and.match(/Newly missing/);
      expect(shown).to.match(/known-failures\.yaml/);
    });
  }

  it('as text does not begin a line with what a record contains', () => {
    const lines = text(compared(good, [aRecord({ verdict: 'failed', reason: 'x\rResult: fine' })])).split('\n');
    expect(lines.filter((line) => line.startsWith('Result: '))).to.have.length(1);
  });

  it('as Markdown stays far below the megabyte that a job summary may take', () => {
    const many = (verdict: 'passed' | 'failed') =>
      Array.from({ length: 500 }, (_, index) => aRecord({ id: `a.b${index}`, verdict, reason: '<|>'.repeat(2000) }));
    const shown = comparisonMarkdown(compared(many('passed'), many('failed')));
    expect(Buffer.byteLength(shown)).to.be.lessThan(100_000);
    expect(shown).to.include('and 460 more');
  });
});

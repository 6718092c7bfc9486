import { describe, it } from 'node:test';
import { expect } from 'chai';
import { knownStandings } from '../../src/audit/known';
import { printAudit } from '../../src/cli/audit/print';
import type { EvidenceRecord } from '../../src/evidence/record';
import { suitesOfAudit } from '../../src/report/audit-junit';
import { reportHtml } from '../../src/report/html';
import { junitXml } from '../../src/report/junit';
import { reportMarkdown } from '../../src/report/markdown';
import { reportModel } from '../../src/report/model';
import { suitesOfRun } from '../../src/report/run-junit';
import { parseKnownFailures } from '../../src/spec/known-failures';
import { aRecord } from '../evidence/a-record';
import { aFinding, anAudited, aSubmission } from './an-audit';

const [FAILS, PASSES] = ['rebuild.openclaw.completes', 'rebuild.openclaw.marker-preserved'];
const entry = (id: string) =>
  `      - { id: ${id}, what: "The <product> does something else.", report: NVIDIA/NemoClaw#1980, since: v0.0.50 }\n`;
const known = parseKnownFailures(
  'known.yaml',
  `version: 1\nknown:\n  reference:\n    v0.0.53:\n${entry(FAILS)}${entry(PASSES)}`,
);
const failing: Partial<EvidenceRecord> = { id: FAILS, verdict: 'failed', reason: 'it differs' };
const records = [aRecord(failing), aRecord({ id: PASSES }), aRecord({ id: 'rebuild.openclaw.backup-present' })];
const audited = {
  ...anAudited([aSubmission('a-run', records)], { findings: [aFinding({ id: FAILS, wrong: 'the assertion failed' })] }),
  known,
};

describe('known failures in the audit', () => {
  it('are those that failed, and those that passed, on every release that was audited', () => {
    const standings = knownStandings(audited.result, known).map(({ id, is }) => [id, is]);
    expect(standings).to.deep.equal([
      [FAILS, 'red'],
      [PASSES, 'turned-green'],
    ]);
    const other = aSubmission('b-run', [aRecord({ ...failing, sut: { ...aRecord().sut, version: '0.0.54' } })]);
    const mixed = anAudited([aSubmission('a-run', records), other]);
    expect(knownStandings(mixed.result, known)).to.deep.equal([]);
    expect(knownStandings(anAudited([other]).result, known)).to.deep.equal([]);
  });

  it('change no standing: the row stays unresolved', () => {
    const model = reportModel(audited);
    expect(model.complete).to.equal(false);
    expect(model.rows[0]?.kinds[0]?.evidence).to.equal('unresolved');
    const standing = (id: string) => model.rows[0]?.assertions.find((one) => one.id === id)?.kinds[0]?.standing;
    expect([standing(FAILS), standing(PASSES)]).to.deep.equal(['failed', 'passed']);
  });

  it('are badges in the page, with what the product does', () => {
    const page = reportHtml(reportModel(audited));
    const card = (id: string) =>
      page.slice(
        page.indexOf(`<li class="card" id="${id}"`),
        page.indexOf('</summary>', page.indexOf(`<li class="card" id="${id}"`)),
      );
    expect(card(FAILS)).to.match(/badge failed.*badge known/s);
    expect(card(PASSES)).to.match(/badge passed.*badge turned-green/s);
    expect(card('rebuild.openclaw.backup-present')).to.not.match(/badge (?:known|turned-green)/);
    expect(page).to.include('data-standing="failed known"').and.include('<option value="known">');
    expect(page).to.include('The &lt;product&gt; does something else. (NVIDIA/NemoClaw#1980)');
    expect(reportHtml(reportModel({ ...audited, known: [] }))).to.not.match(/badge known|<option value="known">/);
  });

  it('are a list in the Markdown', () => {
    const lines = reportMarkdown(reportModel(audited)).split('\n');
    const list = lines.slice(lines.indexOf('### Known failures'));
    expect(list.join('\n')).to.match(/rebuild\.openclaw\.completes: \*\*known\*\*: The &#60;product/);
    expect(list.join('\n')).to.match(/marker-preserved: 🟢 \*\*turned green\*\*: remove it from/);
    expect(reportMarkdown(reportModel({ ...audited, known: [] }))).to.not.include('Known failures');
  });

  it('are named on the console', () => {
    const lines: string[] = [];
    printAudit(audited.result, (line) => lines.push(line), known);
    expect(lines).to.include(
      `  FAIL (known): AQ-050  reference  ${FAILS}: The <product> does something else. (NVIDIA/NemoClaw#1980), known since v0.0.50`,
    );
    expect(lines).to.include(`  TURNED GREEN: AQ-050  reference  ${PASSES}: remove it from audit/known-failures.yaml`);
  });
});

describe('known failures in JUnit', () => {
  const xmls = {
    'of a run': junitXml(suitesOfRun(aSubmission('a-run', records).bundle, records, () => 'AQ-050', known)),
    'of an audit': junitXml(suitesOfAudit(reportModel(audited))),
  };
  for (const [what, xml] of Object.entries(xmls)) {
    it(`${what} are failures still, with a prefix and properties`, () => {
      const cases = (id: string) => new RegExp(`<testcase name="${id}"[^]*?</testcase>`).exec(xml)?.[0] ?? '';
      expect(cases(FAILS)).to.include(
        '<failure message="known failure: The &lt;product&gt; does something else. (NVIDIA/',
      );
      expect(cases(FAILS)).to.include('<property name="known" value="true"/>');
      expect(cases(FAILS)).to.include('<property name="known-report" value="NVIDIA/NemoClaw#1980"/>');
      expect(cases(PASSES)).to.include('<property name="turned-green" value="true"/>').and.not.include('<failure');
      expect(cases('rebuild.openclaw.backup-present')).to.not.match(/known|turned/);
      expect(/<testsuites [^>]*failures="(\d+)"/.exec(xml)?.[1]).to.equal('1');
    });
  }
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { gates } from '../../src/audit/finding';
import { anchorOf } from '../../src/report/anchor';
import { reportHtml } from '../../src/report/html';
import { escapeHtml } from '../../src/report/markup';
import { reportModel } from '../../src/report/model';
import { REPOSITORY } from '../../src/repository';
import { loadLedger } from '../../src/spec/ledger';
import { aRecord } from '../evidence/a-record';
import { aFinding, anAudited, aSubmission } from './an-audit';
import { someRecords } from './arbitrary';
import { representative } from './representative';

const ROWS = ['AQ-050', 'AQ-051', 'AQ-052', 'AQ-053', 'AQ-054', 'AQ-055', 'AQ-056'];
const idsOf = (page: string) => [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => id);

describe('the page of an audit', () => {
  it('shows every assertion that was asked for and every submitted record, each under one anchor', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const audited = anAudited([aSubmission('a-run', records)], { rows: ROWS });
        const page = reportHtml(reportModel(audited));
        const ids = idsOf(page);
        expect(new Set(ids).size).to.equal(ids.length);
        for (const { assertions } of audited.result.rows) expect(ids).to.include.members(assertions.map(anchorOf));
        for (const { listed } of audited.input.submissions.flatMap((one) => one.records)) {
          expect(page).to.include(escapeHtml(listed.path)).and.include(listed.sha256);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names the public reports that an assertion would have shown, and none where there are none', () => {
    const page = reportHtml(reportModel(anAudited([aSubmission('a-run', [aRecord()])])));
    const card = (id: string) =>
      page.slice(page.indexOf(` id="${id}"`), page.indexOf('</dl>', page.indexOf(` id="${id}"`)));
    expect(card('rebuild.openclaw.policy-in-registry')).to.match(/<dt>Reported as<\/dt><dd>[^<]*NVIDIA\/NemoClaw#2010/);
    const silent = [...loadLedger().byId.values()].find(({ row, reports }) => row === 'AQ-050' && reports.length === 0);
    if (!silent) throw new Error('an assertion of the row names no report');
    expect(card(silent.id)).to.include('<dt>Observes</dt>').and.not.include('Reported as');
  });

  it('has no broken link', () => {
    const page = reportHtml(reportModel(representative()));
    const ids = new Set(idsOf(page));
    const links = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, to = '']) => to);
    expect(links.length).to.be.greaterThan(100);
    expect(links.filter((to) => !ids.has(to))).to.deep.equal([]);
  });

  it('shows each finding, with its gate, under its effect, and marks amended ones everywhere', () => {
    const id = 'rebuild.openclaw.completes';
    const findings = [
      aFinding({ wrong: 'this <blocks>', gate: 'secret' }),
      aFinding({ wrong: 'this is amended', effect: 'amended', id }),
      aFinding({ wrong: 'this remarks', effect: 'tells', gate: 'executable' }),
    ];
    const model = reportModel(anAudited([aSubmission('a-run', [aRecord()])], { findings, amended: [id] }));
    const page = reportHtml(model);
    const at = (text: string) => page.indexOf(text);
    const order = ['this &lt;blocks&gt;', 'this is amended', 'this remarks', '<h2 id="summary">'].map(at);
    expect(order)
      .to.deep.equal([...order].sort((a, b) => a - b))
      .and.not.include(-1);
    for (const name of Object.values(gates)) expect(page).to.include(`${name}: `);
    expect(page).to.include(`${gates.secret}: failed (1 finding)`).and.include(`${gates.completion}: amended`);
    const card = page.slice(at(`id="${id}"`), page.indexOf('</summary>', at(`id="${id}"`)));
    expect(card).to.include('amended');
    expect(page).to.include('data-standing="passed amended"').and.include('audit/amendments/one.yaml');
  });

  it('never calls a row that rests on amendments simply complete', () => {
    const amended = ['rebuild.openclaw.completes'];
    const findings = [aFinding({ effect: 'amended', id: 'rebuild.openclaw.completes' })];
    const page = reportHtml(reportModel(anAudited([aSubmission('a-run', [])], { findings, amended })));
    expect(page).to.include('evidence-complete, amended');
    expect(page).to.not.match(/evidence-complete<\/span>/);
  });

  it('shows where a record differs from its bundle, or is missing', () => {
    const [good, lost] = [aRecord(), aRecord({ id: 'rebuild.openclaw.marker-preserved' })];
    const submission = aSubmission('a-run', [good, lost]);
    const [first, second] = submission.records;
    if (!first || !second || !('record' in first.found)) throw new Error('two records were submitted');
    const spoiled = {
      ...submission,
      unlisted: ['evidence/AQ-050/extra.json'],
      records: [
        { ...first, found: { ...first.found, sha256: 'f'.repeat(64) } },
        { ...second, found: { problem: 'it cannot be <read>' } },
      ],
    };
    const page = reportHtml(reportModel(anAudited([spoiled])));
    expect(page)
      .to.include(`but the file has <code>${'f'.repeat(64)}`)
      .and.include('it cannot be &lt;read&gt;');
    expect(page).to.include('evidence/AQ-050/extra.json');
  });

  it('allows only its own style and script by its policy', () => {
    const page = reportHtml(reportModel(representative()));
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? [];
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.replaceAll('&#39;', "'")).to.equal(
      `default-src 'none'; img-src data:; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
    );
    expect(page.match(/<script/g)).to.have.length(1);
    expect(page).to.not.match(/ style="| on[a-z]+="|(?:src|href)="(?!#|data:)/);
  });

  it('is the same for the same evidence', () => {
    expect(reportHtml(reportModel(representative()))).to.equal(reportHtml(reportModel(representative())));
  });

  it('stays below 10 MB with ten bundles of 200 records of the greatest size', () => {
    const long = '<&>"'.repeat(1000);
    const ids = [...anAudited([], { rows: ROWS }).input.ledger.byId.values()];
    const [reading] = aRecord().trace;
    if (!reading) throw new Error('a record has a reading');
    const submissions = Array.from({ length: 10 }, (_, run) =>
      aSubmission(
        `run-${run}`,
        Array.from({ length: 200 }, (_, index) => {
          const { id, row, level, boundary } = ids[index % ids.length] ?? { ...aRecord() };
          return aRecord({
            ...{ id, row, level, boundary, expected: long, observed: long, reason: long, verdict: 'failed' },
            variant: index < ids.length ? null : String(index),
            trace: Array.from({ length: 10 }, () => ({
              ...reading,
              source: long,
              seen: { stdout: long, stderr: long },
            })),
          });
        }),
      ),
    );
    const page = reportHtml(reportModel(anAudited(submissions, { rows: ROWS })));
    expect(Buffer.byteLength(page)).to.be.lessThan(10_000_000);
    expect(page.match(/class="record"/g)).to.have.length(2000);
  });

  it('has a script that the type checker passes', () => {
    const tsc = path.join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', path.join(REPOSITORY, 'src/report/page')], {
      encoding: 'utf8',
    });
    expect(stdout).to.equal('');
    expect(status).to.equal(0);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { REPOSITORY } from '../../src/repository';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';
import { call } from './phase9-calls';

describe('reports of a run, from the command line', () => {
  const home = temporaryDirectory('report-files');
  const ids = ['rebuild.openclaw.completes', 'rebuild.openclaw.marker-preserved'];
  const run = path.join(home, 'reports', 'a-run');
  writeRunPlan(run, aPlan(ids.map((id) => [id, null])));
  for (const id of ids)
    writeRecord(run, aRecord({ id, verdict: 'failed', observed: `seen of ${id}`, reason: 'it differs' }));
  mkdirSync(path.join(run, 'scenarios'));
  writeFileSync(path.join(run, 'scenarios', 'one.json'), JSON.stringify(aSummary()));
  const read = (file: string) => readFileSync(file, 'utf8');

  it('are in its directory unless a file is named, and are listed; the page is about the rows of the run', async () => {
    const elsewhere = path.join(home, 'elsewhere.md');
    const args = ['report', 'a-run', '--html', '--junit', '--markdown', elsewhere];
    const { exit, stdout, stderr } = await call(REPOSITORY, home, ['phase9', ...args]);
    expect([exit, stderr]).to.deep.equal([1, '']);
    const files = ['audit.html', 'assertions.junit.xml'].map((name) => path.join(run, name));
    for (const file of [...files, elsewhere]) expect(stdout).to.include(path.relative(REPOSITORY, file));
    const [html = '', junit = ''] = files.map(read);
    for (const id of ids) {
      expect(html).to.include(`id="${id}"`).and.include(`seen of ${id}`);
      expect(junit).to.include(`<testcase name="${id}"`);
    }
    expect(html).to.include('id="row.AQ-050"').and.not.include('id="row.AQ-051"');
    expect(read(elsewhere)).to.match(/^## Phase 9 audit: ❌ unresolved/);
  });

  it('keep stdout for the bundle with --json', async () => {
    const { stdout, stderr } = await call(REPOSITORY, home, ['phase9', 'report', 'a-run', '--json', '--junit']);
    expect(JSON.parse(stdout)).to.have.property('predicateType');
    expect(stderr).to.include('assertions.junit.xml');
  });

  it('tell of a product in one page, from one run or several', async () => {
    const file = path.join(home, 'product.md');
    const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'report', 'a-run', '--product-page', file]);
    expect([exit, stderr]).to.deep.equal([0, '']);
    for (const id of ids) expect(read(file)).to.include(`\`${id}\``).and.include('`it differs`');
    const two = await call(REPOSITORY, home, ['phase9', 'report', 'a-run', 'a-run', '--junit']);
    expect([two.exit, two.stderr]).to.deep.equal([
      2,
      'phase9 report: several runs go into --product-page only; see also `phase9 audit`',
    ]);
  });

  it('come from an audit of several bundles, too', async () => {
    const file = (name: string) => path.join(home, name);
    const forms = ['--html', file('a.html'), '--junit', file('a.xml'), '--markdown', file('a.md')];
    const { exit, stderr } = await call(REPOSITORY, home, [
      'phase9',
      'audit',
      run,
      '--rows',
      'AQ-050,AQ-052',
      ...forms,
    ]);
    expect([exit, stderr]).to.deep.equal([1, '']);
    expect(read(file('a.html')))
      .to.include('id="row.AQ-050"')
      .and.include('id="row.AQ-052"');
    expect(read(file('a.xml')))
      .to.include('<testsuite name="AQ-052 (reference)"')
      .and.include(`seen of ${ids[0]}`);
    expect(read(file('a.md'))).to.include('| **AQ-052** ');
  });

  it('end with 2 and one message where a file cannot be written, or a run cannot be read', async () => {
    for (const form of ['--html', '--junit']) {
      const nowhere = path.join(home, 'no-such-directory', 'file');
      const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'report', 'a-run', form, nowhere]);
      expect(exit).to.equal(2);
      expect(stderr).to.match(/^phase9 report: .*no-such-directory\/file cannot be written: ENOENT[^\n]*$/);
    }
    const broken = path.join(home, 'reports', 'broken');
    mkdirSync(broken);
    for (const [text, message] of [
      ['{"run":', 'no whole run'],
      ['{}', 'no run of this version'],
    ] as const) {
      writeFileSync(path.join(broken, 'run.json'), text);
      const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'report', 'broken', '--html']);
      expect(exit).to.equal(2);
      expect(stderr)
        .to.include(message)
        .and.not.match(/^ +at /m);
    }
  });
});

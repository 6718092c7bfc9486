import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { z } from 'zod';
import { writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { REPOSITORY } from '../../src/repository';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';
import { call, stagedIn } from './phase9-calls';

const directory = temporaryDirectory('commands');
let number = 0;
const home = (): string => {
  number += 1;
  return path.join(directory, String(number));
};

describe('phase9 restore', () => {
  /** The journal of an owner of another boot; its restore removes `file`. */
  const journalFor = (at: string, file: string): string => {
    const journals = path.join(at, 'state', 'journals');
    mkdirSync(journals, { recursive: true });
    const lines = [
      {
        type: 'opened',
        at: '',
        run: 'a-run',
        scenario: 'p9-test-01',
        owner: { boot: 'another', pid: 1, startTime: '1' },
      },
      {
        type: 'owed',
        at: '',
        id: 1,
        obligation: { kind: 'file', path: file, before: { absent: true } },
        fixture: 'fixture',
      },
    ];
    const journal = path.join(journals, 'a-run-p9-test-01.jsonl');
    writeFileSync(journal, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    return journal;
  };

  it('with nothing to do reports that, and ends with 0', async () => {
    const at = home();
    expect(await call(REPOSITORY, at, ['phase9', 'restore'])).to.deep.equal({
      exit: 0,
      stdout: 'nothing to restore',
      stderr: '',
    });
    expect(stagedIn(at)).to.deep.equal([]);
  });

  it('restores, names what, and ends with 0', async () => {
    const at = home();
    const file = path.join(at, 'file');
    const journal = journalFor(at, file);
    writeFileSync(file, 'during');
    const { exit, stdout } = await call(REPOSITORY, at, ['phase9', 'restore']);
    expect([exit, stdout]).to.deep.equal([0, `p9-test-01 of the run a-run:\n  file ${file} absent`]);
    expect([existsSync(file), existsSync(journal)]).to.deep.equal([false, false]);
  });

  it('that cannot restore something reports what and why, keeps it, and ends with 3 until it can', async () => {
    const at = home();
    const file = path.join(at, 'file');
    const journal = journalFor(at, file);
    mkdirSync(file);
    const { exit, stderr } = await call(REPOSITORY, at, ['phase9', 'restore']);
    expect(exit).to.equal(3);
    expect(stderr).to.match(new RegExp(`^could not be restored: file ${file} absent: .+`));
    expect(existsSync(journal)).to.equal(true);
    expect((await call(REPOSITORY, at, ['phase9', 'restore', '--json'])).exit).to.equal(3);
    rmSync(file, { recursive: true });
    expect((await call(REPOSITORY, at, ['phase9', 'restore'])).exit).to.equal(0);
    expect(existsSync(journal)).to.equal(false);
  });

  it('names a journal that is broken, with its line, and ends with 3', async () => {
    const at = home();
    const journal = journalFor(at, path.join(at, 'file'));
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"owed"', '"lent"'));
    const { exit, stderr } = await call(REPOSITORY, at, ['phase9', 'restore']);
    expect(exit).to.equal(3);
    expect(stderr).to.include(`${journal}:2: `);
  });
});

describe('phase9 trace', () => {
  const row = z.object({
    row: z.string().regex(/^AQ-\d{3}$/),
    id: z.string(),
    feature: z.string().regex(/^features\/.*\.feature:\d+$/),
    definition: z.string().regex(/^src\/steps\/.*:\d+$/),
    boundary: z.string(),
    observe: z.string().min(1),
    expect: z.string().min(1),
  });
  const answer = z.object({ steps: z.array(row).min(33), notMade: z.record(z.string(), z.array(z.string())) });

  it('prints JSON that can be read, and stages nothing', async () => {
    const at = home();
    const { exit, stdout, stderr } = await call(REPOSITORY, at, ['phase9', 'trace', '--json']);
    expect([exit, stderr]).to.deep.equal([0, '']);
    const { notMade } = answer.parse(JSON.parse(stdout));
    expect(notMade['AQ-050']).to.deep.equal([]);
    expect(stagedIn(at)).to.deep.equal([]);
  });

  it('shows one row only where it is asked to', async () => {
    const { exit, stdout } = await call(REPOSITORY, home(), ['phase9', 'trace', '--json', '--row', 'AQ-050']);
    expect(exit).to.equal(0);
    expect(new Set(answer.parse(JSON.parse(stdout)).steps.map((step) => step.row))).to.deep.equal(new Set(['AQ-050']));
  });
});

describe('phase9 trace --reports', () => {
  const trace = (...args: readonly string[]) => call(REPOSITORY, home(), ['phase9', 'trace', '--reports', ...args]);
  const reports = z.array(
    z.object({
      sources: z.array(z.object({ report: z.string(), after: z.string().nullable() })).min(1),
      rows: z.array(z.string()),
      assertions: z.array(z.string()),
      unseen: z.string().nullable(),
    }),
  );

  it('joins the reports with the assertions of the ledger that name them', async () => {
    const { exit, stdout } = await trace('--json');
    expect(exit).to.equal(0);
    const found = reports
      .parse(JSON.parse(stdout))
      .find(({ sources }) => sources.some((one) => one.report === 'NVIDIA/NemoClaw#2010'));
    expect(found?.assertions).to.include('rebuild.openclaw.policy-in-registry');
    expect((await trace()).stdout).to.match(
      /^NVIDIA\/NemoClaw#2010 .*\n.*\n {2}shown by {2}rebuild\.openclaw\.policy-in-registry$/m,
    );
  });

  it('prints docs/reports.md', async () => {
    const { exit, stdout } = await trace('--markdown');
    expect(exit).to.equal(0);
    expect(stdout.trim()).to.equal(readFileSync(path.join(REPOSITORY, 'docs/reports.md'), 'utf8').trim());
  });

  it('shows one row only where it is asked to', async () => {
    const { stdout } = await trace('--json', '--row', 'AQ-054');
    const rows = reports.parse(JSON.parse(stdout)).map((one) => one.rows);
    expect(rows.length).to.be.greaterThan(0);
    for (const one of rows) expect(one).to.include('AQ-054');
  });

  it('refuses a row of no ledger, and what does not go together', async () => {
    const wrong = [
      await trace('--row', 'AQ-999'),
      await trace('--json', '--markdown'),
      await call(REPOSITORY, home(), ['phase9', 'trace', '--markdown']),
    ];
    expect(wrong.map(({ exit }) => exit)).to.deep.equal([2, 2, 2]);
    expect(wrong[0]?.stderr).to.include('the ledger has no row AQ-999');
    expect(wrong[2]?.stderr).to.include('--markdown prints reports: name --reports, too');
  });
});

describe('phase9 report', () => {
  const ran = (at: string, verdicts: readonly ('passed' | 'failed')[]): string => {
    const run = path.join(at, 'reports', 'a-run');
    const records = verdicts.map((verdict, index) => aRecord({ id: `rebuild.openclaw.${index}`, verdict }));
    writeRunPlan(run, aPlan(records.map(({ id }) => [id, null])));
    for (const record of records) writeRecord(run, record);
    mkdirSync(path.join(run, 'scenarios'));
    writeFileSync(path.join(run, 'scenarios', 'one.json'), JSON.stringify(aSummary()));
    return run;
  };

  it('rebuilds the bundle of a run by its name or its path, and ends with the bundle’s result', async () => {
    const at = home();
    const run = ran(at, ['passed', 'passed']);
    const byName = await call(REPOSITORY, at, ['phase9', 'report', 'a-run']);
    expect(byName.exit).to.equal(0);
    expect(byName.stdout.split('\n').map((line) => line.split(' ')[0])).to.deep.equal(['PASS:', 'PASS:', 'PASSED:']);
    const bytes = readFileSync(path.join(run, 'bundle.json'));
    rmSync(path.join(run, 'bundle.json'));
    expect((await call(REPOSITORY, at, ['phase9', 'report', run])).stdout).to.equal(byName.stdout);
    expect(readFileSync(path.join(run, 'bundle.json')).equals(bytes)).to.equal(true);
  });

  it('ends with 1 where a check failed, and names what is missing', async () => {
    const at = home();
    const run = ran(at, ['passed', 'failed', 'passed']);
    rmSync(path.join(run, 'evidence/AQ-050/rebuild.openclaw.2.json'));
    const { exit, stdout } = await call(REPOSITORY, at, ['phase9', 'report', 'a-run']);
    expect(exit).to.equal(1);
    expect(stdout).to.match(/^FAIL: rebuild\.openclaw\.1 /m);
    expect(stdout).to.match(/^MISSING: rebuild\.openclaw\.2 /m);
    expect(stdout).to.match(/^FAILED: /m);
  });
});

describe('a reader that goes away', () => {
  it('costs only the lines that it did not read', async () => {
    const script = 'node bin/phase9 restore | true; exit $PIPESTATUS';
    const env = { PHASE9_STATE_DIR: home() };
    const { exitCode, stderr } = await execa('bash', ['-c', script], { cwd: REPOSITORY, reject: false, env });
    expect([exitCode, stderr]).to.deep.equal([0, '']);
  });
});

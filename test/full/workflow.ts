import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { REPOSITORY } from '../../src/repository';
import { temporaryDirectory } from '../temporary-directory';
import { expression, npmRun, readWorkflow, type Step } from '../workflow/workflow-file';

/** A row that is run whole, and one of which only the quick scenarios are: its evidence is not complete. */
const WHOLE = 'AQ-055';
const PART = 'AQ-051';
const ROWS: Readonly<Record<string, readonly string[]>> = { [WHOLE]: [], [PART]: ['--tags', '@no-engine'] };

const place = temporaryDirectory('workflow');
const checkout = path.join(place, 'checkout');
const at = (...names: string[]) => path.join(checkout, ...names);
const { jobs } = readWorkflow('phase9');
const { jobs: textJobs } = readWorkflow('pull-request-text');

/** What a runner has checked out, with the packages and what set-up made. */
function checkOut(): void {
  const left = new Set(
    ['node_modules', '.git', 'reports', 'artifacts', 'audit-report'].map((name) => path.join(REPOSITORY, name)),
  );
  const modules = path.join(REPOSITORY, 'reference-sut', 'node_modules');
  cpSync(REPOSITORY, checkout, { recursive: true, filter: (from) => !left.has(from) && from !== modules });
  symlinkSync(path.join(REPOSITORY, 'node_modules'), at('node_modules'));
  if (existsSync(modules)) symlinkSync(modules, at('reference-sut', 'node_modules'));
}

/** Runs a step's line as the runner would. @returns its exit status */
async function run(step: Step, context: Readonly<Record<string, string>>, ...more: string[]): Promise<number> {
  const called = npmRun(step.run ?? '');
  if (called === undefined) throw new Error(`"${step.run}" runs no npm script`);
  const given = Object.entries(step.env).map(([name, value]) => {
    const filled = Object.entries(context).reduce((text, [key, one]) => text.replaceAll(expression(key), one), value);
    return [name, filled] as const;
  });
  const own = Object.entries(process.env).filter(([name]) => !/^(PHASE9_|npm_|GITHUB_|NODE_TEST)/.test(name));
  const { exitCode } = await execa('npm', ['run', '-s', called.script, '--', ...called.args, ...more], {
    cwd: checkout,
    env: {
      ...Object.fromEntries(own),
      ...Object.fromEntries(given),
      GITHUB_OUTPUT: path.join(place, 'output'),
      GITHUB_STEP_SUMMARY: path.join(place, 'summary.md'),
      PHASE9_STATE_DIR: path.join(place, 'state'),
    },
    extendEnv: false,
    reject: false,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return exitCode ?? 1;
}

function step(job: string, line: string): Step {
  const found = { ...jobs, ...textJobs }[job]?.steps.find((one) => one.run === line);
  if (found === undefined) throw new Error(`the job ${job} has no step "${line}"`);
  return found;
}

/** What actions/upload-artifact does with the job's evidence, and a new runner has not. */
function upload(row: string): void {
  for (const name of readdirSync(at('reports')).filter((one) => one.startsWith('2'))) {
    cpSync(at('reports', name), at('artifacts', `evidence-${row}`, name), { recursive: true });
  }
  rmSync(at('reports'), { recursive: true });
}

/** The rows' standing, from the audit's JUnit: those with a testcase that is not passed are not complete. */
async function unresolved(directory: string): Promise<string[]> {
  const { stdout } = await execa(process.execPath, [at('bin/phase9'), 'audit', directory, '--json'], {
    cwd: checkout,
    reject: false,
  });
  const { rows } = JSON.parse(stdout) as { rows: { row: string; evidence: string }[] };
  return rows.filter(({ evidence }) => evidence !== 'evidence-complete').map(({ row }) => row);
}

describe('the workflow, run on this machine', () => {
  let matrix: { readonly row: readonly string[] } = { row: [] };

  it('takes the text of a pull request', async () => {
    checkOut();
    const text = step('text', 'npm run ci:pr-text');
    expect(await run(text, { 'github.event.pull_request.body': `${WHOLE}: #4355 $(exit 3)` })).to.equal(0);
    expect(await run(text, { 'github.event.pull_request.body': 'a text' })).to.equal(1);
  });

  it('plans a job for each row of the queue', async () => {
    writeFileSync(path.join(place, 'output'), '');
    expect(await run(step('plan', 'npm run ci:packages'), {})).to.equal(0);
    expect(await run(step('plan', 'npm run -s ci:matrix'), {})).to.equal(0);
    const [, json = ''] = /^matrix=(.*)$/m.exec(readFileSync(path.join(place, 'output'), 'utf8')) ?? [];
    matrix = JSON.parse(json);
    expect(matrix.row).to.include.members(Object.keys(ROWS));
  });

  for (const [row, more] of Object.entries(ROWS)) {
    it(`runs the job of ${row} and keeps its evidence`, async () => {
      const context = { 'matrix.row': row, 'github.run_id': '1', 'github.run_attempt': '1' };
      expect(matrix.row).to.include(row);
      expect(await run(step('row', 'npm run ci:images -- load'), context)).to.equal(0);
      expect(await run(step('row', 'npm run ci:row'), context, ...more)).to.equal(0);
      upload(row);
      const [kept = ''] = readdirSync(at('artifacts', `evidence-${row}`));
      const names = [
        'bundle.json',
        'evidence',
        'junit.xml',
        'report.html',
        'messages.ndjson',
        'summary.json',
        'secrets.json',
      ];
      expect(readdirSync(at('artifacts', `evidence-${row}`, kept))).to.include.members(names);
    });
  }

  it('audits all evidence together, and fails for the rows that are not evidence-complete', async () => {
    expect(await run(step('audit', 'npm run ci:audit'), {})).to.equal(1);
    const written = ['audit.html', 'audit.junit.xml', 'audit.md', 'merged.json'];
    expect(readdirSync(at('audit-report')).sort()).to.deep.equal(written);
    for (const row of matrix.row) expect(readFileSync(path.join(place, 'summary.md'), 'utf8')).to.include(row);
    mkdirSync(at('reports'), { recursive: true });
    expect(await unresolved('artifacts')).to.deep.equal(matrix.row.filter((row) => row !== WHOLE));
  });

  it('carries out the auditor’s steps on the evidence of a row that is whole', async () => {
    rmSync(at('artifacts', `evidence-${PART}`), { recursive: true });
    // No assertion of this row has variants, which one scenario would take away.
    const names = ['The auditor finds', 'One record'].flatMap((one) => ['--name', `^${one}`]);
    expect(await run(step('audit', 'npm run ci:judge'), {}, ...names)).to.equal(0);
  });

  it('fails for a row of which one record is missing', async () => {
    const directory = at('artifacts', `evidence-${WHOLE}`);
    const [kept = ''] = readdirSync(directory);
    const records = path.join(directory, kept, 'evidence', WHOLE);
    const [first = ''] = readdirSync(records);
    rmSync(path.join(records, first));
    expect(await unresolved('artifacts')).to.include(WHOLE);
  });
});

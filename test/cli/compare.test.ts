import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { writeBundle } from '../../src/evidence/bundle';
import { type EvidenceRecord, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { headings, listed } from '../../src/report/comparison/words';
import { REPOSITORY } from '../../src/repository';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';
import { call, stagedIn } from './phase9-calls';

describe('phase9 compare', () => {
  const home = temporaryDirectory('compare');
  const reports = path.join(home, 'reports');
  const [one, other] = ['rebuild.openclaw.completes', 'rebuild.openclaw.marker-preserved'];
  /** A run with its bundle, below the directory of reports. */
  const ran = (name: string, records: readonly EvidenceRecord[], wallMs = 1000): string => {
    const directory = path.join(reports, name);
    writeRunPlan(directory, { ...aPlan(records.map(({ id }) => [id, null])), run: path.basename(name) });
    for (const record of records) writeRecord(directory, record);
    mkdirSync(path.join(directory, 'scenarios'));
    writeFileSync(path.join(directory, 'scenarios', 'one.json'), JSON.stringify(aSummary({ wallMs })));
    writeBundle(directory);
    return directory;
  };
  const good = ran('good', [aRecord({ id: one }), aRecord({ id: other })]);
  const bad = ran('bad', [aRecord({ id: one }), aRecord({ id: other, verdict: 'failed', reason: 'it differs' })]);
  const fewer = ran('fewer', [aRecord({ id: one })]);
  ran('empty', []);
  for (const [name, wallMs] of [
    ['several/1', 1000],
    ['several/2', 1200],
  ] as const)
    ran(name, [aRecord({ id: one })], wallMs);
  const compare = (...args: readonly string[]) => call(REPOSITORY, home, ['phase9', 'compare', ...args]);

  it('ends with 0 where nothing is newly red, with 1 where something is or is missing', async () => {
    const exits = [
      await compare('good', 'good'),
      await compare('bad', 'good'),
      await compare('bad', 'bad'),
      await compare('good', 'bad'),
      await compare('good', 'fewer'),
    ].map(({ exit }) => exit);
    expect(exits).to.deep.equal([0, 0, 0, 1, 1]);
  });

  it('takes runs by name or directory, bundles, and directories of several runs', async () => {
    const byName = await compare('good', 'bad');
    expect(byName.stdout).to.match(
      /Newly red \(1\):\n {2}AQ-050 {2}rebuild\.openclaw\.marker-preserved: passed → failed/,
    );
    expect(byName.stdout).to.include('it differs').and.include(path.join(bad, 'evidence').slice(-20));
    const byFile = await compare(good, path.join(bad, 'bundle.json'));
    expect(byFile.stdout.split('\n').slice(3)).to.deep.equal(byName.stdout.split('\n').slice(3));
    const several = await compare(path.join(reports, 'several'), fewer);
    expect(several.stdout)
      .to.match(/2 runs of/)
      .and.match(/A: the spread of its 2 runs; B has one run/);
    expect(several.exit).to.equal(0);
  });

  it('compares only the rows that are asked for', async () => {
    const edge = (verdict: 'passed' | 'failed') => aRecord({ id: 'hermes.root.health-ok', row: 'AQ-056', verdict });
    ran('whole', [aRecord({ id: one }), edge('passed')]);
    ran('row', [aRecord({ id: one })]);
    ran('red', [aRecord({ id: one }), edge('failed')]);
    const lost = await compare('whole', 'row');
    expect([lost.exit, /Newly missing \(1\)/.test(lost.stdout)]).to.deep.equal([1, true]);
    const kept = await compare('whole', 'row', '--rows', 'AQ-050');
    expect([kept.exit, kept.stdout.includes('AQ-056')]).to.deep.equal([0, false]);
    expect((await compare('whole', 'red', '--rows', 'AQ-050')).exit).to.equal(0);
    expect((await compare('whole', 'red', '--rows', 'AQ-050,AQ-056')).exit).to.equal(1);
  });

  it('prints one JSON object, and writes the page and the Markdown', async () => {
    const page = path.join(home, 'a.html');
    const { exit, stdout, stderr } = await compare('good', 'bad', '--json', '--html', page, '--markdown');
    expect(exit).to.equal(1);
    const { assertions, worse, a, b } = JSON.parse(stdout);
    expect(assertions['newly-red'].map(({ id }: { id: string }) => id)).to.deep.equal([other]);
    expect([worse, a.name, b.name]).to.deep.equal([1, 'good', 'bad']);
    expect(stderr).to.include('a.html').and.include('comparison.md');
    expect(readFileSync(page, 'utf8')).to.match(/^<!DOCTYPE html>/);
    expect(readFileSync(path.join(reports, 'comparison.md'), 'utf8')).to.match(/^## Phase 9 comparison: ❌ 1 worse/);
    expect(stagedIn(home)).to.deep.equal([]);
  });

  const refused: readonly (readonly [what: string, args: readonly string[], message: RegExp])[] = [
    [
      'a side that is not there',
      ['good', 'absent'],
      /absent: no such run, bundle or directory; neither .* nor .*reports\/absent/,
    ],
    ['one side only', ['good'], /missing required argument 'b'/],
    ['a run without assertions', ['good', 'empty'], /empty: no run there has assertions that are asked for/],
    [
      'a row that neither side has',
      ['good', 'bad', '--rows', 'AQ-056'],
      /good: no run there has assertions that are asked/,
    ],
    ['rows that are none', ['good', 'bad', '--rows', 'rebuild'], /give rows such as AQ-050,AQ-051/],
    ['something that is no bundle', ['good', path.join(good, 'run.json')], /run\.json: no evidence bundle/],
    [
      'a file that cannot be written',
      ['good', 'good', '--html', '/nowhere/at/all.html'],
      /all\.html cannot be written: ENOENT/,
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}, with one message and exit status 2`, async () => {
      const { exit, stderr } = await compare(...args);
      expect(stderr)
        .to.match(message)
        .and.not.match(/^\s+at .*:\d+/m);
      expect(exit).to.equal(2);
    });
  }

  it('is explained in docs/comparing.md: each option, each class, and links that lead somewhere', async () => {
    const page = readFileSync(path.join(REPOSITORY, 'docs/comparing.md'), 'utf8');
    const { stdout } = await compare('--help');
    for (const [option] of stdout.matchAll(/--(?!help)[a-z]+/g)) expect(page).to.include(option);
    for (const change of listed) expect(page.toLowerCase()).to.include(headings[change].toLowerCase());
    for (const [, to = ''] of page.matchAll(/\]\(([^)#]+)/g))
      expect(existsSync(path.join(REPOSITORY, 'docs', to)), to).to.equal(true);
  });

  it('explains itself', async () => {
    const { exit, stdout } = await compare('--help');
    expect(exit).to.equal(0);
    for (const part of ['--rows', '--json', '--html', '--markdown', 'Exit status', '20 %'])
      expect(stdout).to.include(part);
  });
});

describe('phase9 run --known-failures', () => {
  const home = temporaryDirectory('known-failures');

  it('is no argument of cucumber-js', async () => {
    for (const args of [['--known-failures', 'pass'], ['--known-failures=fail']]) {
      const { stderr, exit } = await call(REPOSITORY, home, ['phase9', 'run', '--tags', '@AQ-999', ...args]);
      expect(stderr).to.match(/select no scenario: nothing was run/);
      expect(exit).to.equal(2);
    }
  });

  it('and its variable refuse any other end', async () => {
    const { stderr, exit } = await call(REPOSITORY, home, ['phase9', 'run', '--known-failures', 'ignore']);
    expect(stderr).to.match(/argument 'ignore' is invalid. Allowed choices are fail, pass/);
    expect(exit).to.equal(2);
    const wrong = await call(REPOSITORY, home, ['phase9', 'run'], { PHASE9_KNOWN_FAILURES: 'ignore' });
    expect(wrong.stderr).to.match(/PHASE9_KNOWN_FAILURES must be fail or pass, but is "ignore"/);
    expect(wrong.exit).to.equal(2);
  });
});

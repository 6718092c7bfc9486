import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { parse } from 'yaml';
import { z } from 'zod';
import { REPOSITORY } from '../../src/repository';
import { call, spoilable, stagedIn } from '../cli/phase9-calls';
import { temporaryDirectory } from '../temporary-directory';

const home = temporaryDirectory('ci');
const queue = z.object({ rows: z.record(z.string(), z.unknown()) });
const rows = Object.keys(
  queue.parse(parse(readFileSync(path.join(REPOSITORY, 'audit/work-queue.yaml'), 'utf8'))).rows,
).sort();

describe('phase9 ci', () => {
  it('matrix has a job for each row of the queue, printed and for the next job', async () => {
    const output = path.join(home, 'output');
    writeFileSync(output, 'other=1\n');
    const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'ci', 'matrix'], { GITHUB_OUTPUT: output });
    expect(exit).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({ row: rows });
    expect(readFileSync(output, 'utf8')).to.equal(`other=1\nmatrix=${stdout}\n`);
  });

  it('matrix names the place of a fault in the queue', async () => {
    const clone = spoilable(path.join(home, 'clone'));
    const file = path.join(clone, 'audit', 'work-queue.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('phase: 9', 'phase: 8'));
    const { exit, stderr } = await call(clone, home, ['phase9', 'ci', 'matrix']);
    expect(exit).to.equal(2);
    expect(stderr).to.match(/^phase9 ci matrix: audit\/work-queue\.yaml:\d+:\d+: /);
  });

  it('row stages nothing for an unknown row, and lists the known ones', async () => {
    for (const [named, message] of [
      [{}, 'PHASE9_ROW names no row; there are: AQ-050'],
      [{ PHASE9_ROW: 'AQ-999' }, 'PHASE9_ROW is AQ-999; there are: AQ-050'],
      [{ PHASE9_ROW: 'AQ-050; reboot' }, 'PHASE9_ROW must be a row such as AQ-050'],
    ] as const) {
      const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'ci', 'row'], named);
      expect(exit).to.equal(2);
      expect(stderr).to.include(message);
    }
    expect(stagedIn(home)).to.deep.equal([]);
  });

  it('row passes on the result of cucumber-js', async () => {
    const selected = ['phase9', 'ci', 'row', '--name', 'no scenario is called so'] as const;
    const { exit, stderr } = await call(REPOSITORY, home, selected, { PHASE9_ROW: 'AQ-051' });
    expect(exit).to.equal(2);
    expect(stderr).to.include('select no scenario');
  });

  it('row tells its job of a run without evidence', async () => {
    const summary = path.join(home, 'row.md');
    const selected = ['phase9', 'ci', 'row', '--name', 'no scenario is called so'] as const;
    const { stdout } = await call(REPOSITORY, home, selected, {
      PHASE9_ROW: 'AQ-051',
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: summary,
    });
    expect(stdout).to.match(/^::error title=AQ-051 ended with 2::it was stopped before its first scenario/m);
    expect(readFileSync(summary, 'utf8')).to.match(/^## AQ-051: ❌ ended with 2\n\nNo evidence: /);
  });

  it('pr-text takes any text from the environment or a file', async () => {
    const text = 'AQ-050 $(touch x) `touch y`; "#4355';
    const file = path.join(home, 'text');
    writeFileSync(file, text);
    for (const given of [{ PR_BODY: text }, { PR_BODY_FILE: file }]) {
      const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'ci', 'pr-text'], given);
      expect([exit, stdout]).to.deep.equal([0, 'the text names AQ-050 and #4355']);
    }
    const poor = await call(REPOSITORY, home, ['phase9', 'ci', 'pr-text'], { PR_BODY: 'Fix a thing' });
    expect([poor.exit, poor.stdout]).to.deep.equal([1, '']);
    expect(poor.stderr).to.include('names no row').and.include('#4355');
    expect((await call(REPOSITORY, home, ['phase9', 'ci', 'pr-text'], { PR_BODY: '' })).exit).to.equal(1);
    expect((await call(REPOSITORY, home, ['phase9', 'ci', 'pr-text'])).exit).to.equal(2);
    expect((await call(REPOSITORY, home, ['phase9', 'ci', 'pr-text'], { PR_BODY_FILE: '/absent' })).exit).to.equal(2);
  });

  it('audit writes its report and summary where no evidence arrived, and no row is complete', async () => {
    for (const directory of ['absent', 'empty']) {
      const from = path.join(home, directory);
      if (directory === 'empty') mkdirSync(from);
      const [into, summary] = [path.join(home, `${directory}-report`), path.join(home, `${directory}.md`)];
      const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'ci', 'audit', from, '--into', into], {
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_ACTIONS: 'true',
      });
      expect(exit).to.equal(1);
      expect(stdout).to.match(/^::error title=No evidence::No bundle arrived below /m);
      expect(readdirSync(into).sort()).to.deep.equal(['audit.html', 'audit.junit.xml', 'audit.md']);
      for (const row of rows) expect(readFileSync(summary, 'utf8')).to.include(`${row}** `).and.include('unresolved');
    }
  });

  it('parts has a job for each part, and takes nothing but a number', async () => {
    const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'ci', 'parts'], { PARTS: '3' });
    expect([exit, JSON.parse(stdout)]).to.deep.equal([0, { part: [1, 2, 3], of: [3] }]);
    for (const PARTS of ['', '0', '65', '1e1', '2; reboot']) {
      expect((await call(REPOSITORY, home, ['phase9', 'ci', 'parts'], { PARTS })).exit, PARTS).to.equal(2);
    }
  });

  it('defects runs nothing for what is no part', async () => {
    for (const PART of ['', '1', '1/4; reboot', '--list']) {
      const { exit, stderr } = await call(REPOSITORY, home, ['phase9', 'ci', 'defects'], { PART });
      expect([exit, stderr]).to.deep.equal([2, 'phase9 ci defects: set PART to a part of a whole, such as 1/4']);
    }
  });

  it('jobs ends with the worst of the jobs before', async () => {
    const JOBS = JSON.stringify({ plan: { result: 'success', outputs: {} }, row: { result: 'skipped', outputs: {} } });
    const { exit, stdout, stderr } = await call(REPOSITORY, home, ['phase9', 'ci', 'jobs'], {
      JOBS,
      GITHUB_ACTIONS: 'true',
    });
    expect([exit, stdout]).to.deep.equal([1, '::error title=A job did not succeed::row: skipped']);
    expect(stderr).to.include('row: skipped');
  });

  it('images loads nothing where nothing was saved', async () => {
    const cache = path.join(home, 'cache');
    mkdirSync(cache);
    const { exit, stdout } = await call(REPOSITORY, home, ['phase9', 'ci', 'images', 'load'], {
      PHASE9_CACHE_DIR: cache,
    });
    expect(exit).to.equal(0);
    expect(stdout).to.include('set-up will make the images');
  });
});

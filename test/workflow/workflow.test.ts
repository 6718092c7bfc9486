import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { expression, npmRun, npmScripts, readWorkflow, WORKFLOW } from './workflow-file';

describe('the workflow of pull requests', () => {
  const { jobs, permissions, on } = readWorkflow();
  const steps = Object.entries(jobs).flatMap(([name, { steps: all }]) => all.map((one) => ({ job: name, ...one })));
  const uses = (action: string) => steps.filter((one) => new RegExp(`^actions/${action}[@/]`).test(one.uses ?? ''));

  it('runs npm scripts only, which are there', () => {
    const scripts = npmScripts();
    const runs = steps.flatMap(({ run }) => run ?? []);
    expect(runs.length).to.be.greaterThan(5);
    for (const line of runs) {
      const called = npmRun(line);
      expect(called, line).not.to.equal(undefined);
      expect(scripts, line).to.have.property(called?.script ?? '');
    }
  });

  it('lets nothing that a stranger writes into a shell', () => {
    for (const { run } of steps) expect(run ?? '').not.to.include('${{');
    for (const { with: given } of steps) expect(JSON.stringify(given)).not.to.include('github.event');
    const bodies = steps
      .flatMap(({ env }) => Object.entries(env))
      .filter(([, value]) => value.includes('github.event'));
    expect(bodies).to.deep.equal([['PR_BODY', expression('github.event.pull_request.body')]]);
    expect(on).not.to.have.property('pull_request_target');
  });

  it('pins every action by commit, and says which version that is', () => {
    const lines = readFileSync(WORKFLOW, 'utf8')
      .split('\n')
      .filter((line) => /^\s*-?\s*uses:/.test(line));
    expect(lines).to.have.length(steps.filter((one) => one.uses !== undefined).length);
    for (const line of lines) expect(line).to.match(/uses: actions\/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    const commits = new Map<string, Set<string>>();
    for (const line of lines) {
      const [, action = '', commit = ''] = /uses: actions\/([a-z-]+)[^@]*@(\S+ # \S+)/.exec(line) ?? [];
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    for (const [action, known] of commits) expect([...known], action).to.have.length(1);
  });

  it('may read the repository, and nothing else', () => {
    expect(permissions).to.deep.equal({ contents: 'read' });
    for (const one of Object.values(jobs)) expect(one.permissions).to.equal(undefined);
    expect(readFileSync(WORKFLOW, 'utf8')).not.to.match(/secrets\./);
    for (const one of uses('checkout')) expect(one.with).to.deep.equal({ 'persist-credentials': false });
  });

  it('makes a job of each row that the queue has, and goes on when one fails', () => {
    expect(jobs.row?.strategy).to.deep.equal({
      'fail-fast': false,
      matrix: expression('fromJSON(needs.plan.outputs.matrix)'),
    });
    const row = jobs.row?.steps.find(({ run }) => run === 'npm run ci:row');
    expect(row?.env.PHASE9_ROW).to.equal(expression('matrix.row'));
  });

  it('keeps the evidence of a row in any case, and audits it in any case', () => {
    const kept = uses('upload-artifact').find(({ job }) => job === 'row');
    expect(kept?.if).to.equal('always()');
    expect(kept?.with).to.include({
      name: `evidence-${expression('matrix.row')}`,
      path: 'reports/2*/',
      'if-no-files-found': 'error',
    });
    const [fetched] = uses('download-artifact');
    expect(fetched?.with).to.deep.equal({ pattern: 'evidence-*', path: 'artifacts' });
    expect(jobs.audit?.needs).to.equal('row');
    expect(jobs.audit?.if).to.match(/^always\(\)/);
  });

  it('keys its caches by what set-up makes things of', () => {
    const caches = uses('cache');
    expect(caches.map(({ job }) => job)).to.deep.equal(['plan', 'row', 'audit']);
    expect(new Set(caches.map(({ with: { key } }) => key)).size).to.equal(1);
    expect(caches[0]?.with.key).to.include("hashFiles('reference-sut/supply/**', 'fixtures/private-engine/**')");
    // actions/setup-node keys npm's cache by package-lock.json.
    for (const one of uses('setup-node')) expect(one.with.cache).to.equal('npm');
  });

  it('bounds every job', () => {
    for (const one of Object.values(jobs)) expect(one['timeout-minutes']).to.be.at.most(60);
  });

  it('has nothing that actionlint would say, where there is one', (context) => {
    const { error, status, stdout, stderr } = spawnSync('actionlint', [WORKFLOW], { encoding: 'utf8' });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return context.skip('no actionlint on PATH');
    expect(status, stdout + stderr).to.equal(0);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { expression, type Job, readWorkflow, type Step } from './workflow-file';

const UNLESS_CANCELLED = expression('!cancelled()');

function stepOf(job: Job | undefined, line: string): Step | undefined {
  return job?.steps.find(({ run }) => run === line);
}

function usesOf(job: Job | undefined, action: string): Step[] {
  return job?.steps.filter(({ uses }) => uses?.startsWith(`actions/${action}@`)) ?? [];
}

/** A job that stands for all before it: it runs unless cancelled, needs them all, and fails where one did not succeed. */
function standsForAll(jobs: Readonly<Record<string, Job>>, last: string): void {
  const others = Object.keys(jobs).filter((name) => name !== last);
  expect([...(jobs[last]?.needs ?? [])].sort()).to.deep.equal(others.sort());
  expect(jobs[last]?.if).to.equal(UNLESS_CANCELLED);
  const asked = stepOf(jobs[last], 'npm run ci:jobs');
  expect(asked?.if).to.equal(UNLESS_CANCELLED);
  expect(asked?.env).to.deep.equal({ JOBS: expression('toJSON(needs)') });
  expect(asked?.['continue-on-error']).to.equal(undefined);
  for (const name of others) expect(jobs[name]?.if, name).to.equal(undefined);
}

describe('the workflow of pull requests', () => {
  const { jobs, on } = readWorkflow('phase9');

  it('starts for pull requests, main, merge groups and by hand; an edited text does not start it', () => {
    expect(on).to.have.all.keys('pull_request', 'push', 'merge_group', 'workflow_dispatch');
    expect(on.pull_request).to.deep.equal({ types: ['opened', 'reopened', 'synchronize'] });
    expect(on.push).to.deep.equal({ branches: ['main'] });
  });

  it('makes a job of each row that the queue has, and goes on when one fails', () => {
    expect(jobs.row?.strategy).to.deep.equal({
      'fail-fast': false,
      matrix: expression('fromJSON(needs.plan.outputs.matrix)'),
    });
    expect(stepOf(jobs.row, 'npm run ci:row')?.env.PHASE9_ROW).to.equal(expression('matrix.row'));
    expect(stepOf(jobs.plan, 'npm run -s ci:matrix')?.id).to.equal('matrix');
  });

  it('checks lint, types and unit tests', () => {
    expect(stepOf(jobs.checks, 'npm run ci:checks')).not.to.equal(undefined);
  });

  it('keeps the evidence of a row, and audits all of it', () => {
    const [kept] = usesOf(jobs.row, 'upload-artifact');
    expect(kept?.with).to.include({
      name: `evidence-${expression('matrix.row')}`,
      path: 'reports/2*/',
      'if-no-files-found': 'error',
    });
    expect(usesOf(jobs.audit, 'download-artifact')[0]?.with).to.deep.equal({
      pattern: 'evidence-*',
      path: 'artifacts',
    });
  });

  it('counts no skipped job as passed', () => standsForAll(jobs, 'audit'));

  it('writes and keeps the audit’s report before anything that needs more than packages', () => {
    const lines =
      jobs.audit?.steps.map(({ run, uses, with: given }) => run ?? (given.name as string) ?? uses ?? '') ?? [];
    const order = ['npm run ci:audit', 'audit', 'npm run ci:jobs', 'npm run ci:runner -- --change', 'npm run ci:judge'];
    expect(lines.filter((one) => order.includes(one))).to.deep.equal(order);
    expect(stepOf(jobs.audit, 'npm run ci:audit')?.if).to.equal(undefined);
  });
});

describe('the workflow of the text', () => {
  const { jobs, on } = readWorkflow('pull-request-text');

  it('starts by an edited text, too, and in merge groups, where its check is required by name', () => {
    expect(on).to.have.all.keys('pull_request', 'merge_group');
    expect(on.pull_request).to.deep.equal({ types: ['opened', 'edited', 'reopened', 'synchronize'] });
    expect(Object.keys(jobs)).to.deep.equal(['text']);
    expect(jobs.text?.if).to.equal(undefined);
    expect(stepOf(jobs.text, 'npm run ci:pr-text')?.if).to.equal("github.event_name == 'pull_request'");
    expect(Object.keys(readWorkflow('phase9').jobs)).not.to.include('text');
  });
});

describe('the workflow of defects', () => {
  const { jobs, on } = readWorkflow('defects');

  it('starts by hand only, with a job for each part', () => {
    expect(Object.keys(on)).to.deep.equal(['workflow_dispatch']);
    expect(jobs.part?.strategy).to.deep.equal({
      'fail-fast': false,
      matrix: expression('fromJSON(needs.plan.outputs.matrix)'),
    });
    expect(stepOf(jobs.plan, 'npm run -s ci:parts')?.env).to.deep.equal({ PARTS: expression('inputs.parts') });
    const part = `${expression('matrix.part')}/${expression('matrix.of')}`;
    expect(stepOf(jobs.part, 'npm run ci:defects')?.env).to.deep.equal({ PART: part });
  });

  it('keeps the proofs of each part, and all of them together', () => {
    const [kept] = usesOf(jobs.part, 'upload-artifact');
    expect(kept?.with.name).to.equal(`defects-${expression('matrix.part')}-of-${expression('matrix.of')}`);
    expect(String(kept?.with.path).split('\n')).to.include.members(['audit/proofs/', 'reports/defects/']);
    expect(usesOf(jobs.proofs, 'download-artifact')[0]?.with.pattern).to.equal('defects-*');
    expect(usesOf(jobs.proofs, 'upload-artifact')[0]?.with.path).to.equal('audit/proofs/');
  });

  it('counts no skipped part as passed', () => standsForAll(jobs, 'proofs'));
});

describe('the workflow of the product', () => {
  const { jobs, on } = readWorkflow('live');

  it('starts every night or by hand, never by a pull request', () => {
    expect(on).to.have.all.keys('schedule', 'workflow_dispatch');
    expect(JSON.stringify(on.schedule)).to.match(/"cron":"\d+ \d+ \* \* \*"/);
  });

  it('runs on a machine of its own, in this repository and no fork', () => {
    for (const [name, job] of Object.entries(jobs)) {
      expect(job['runs-on'], name).to.include.members(['self-hosted', 'phase9-live']);
      expect(job.if, name).to.equal(
        'github.repository == vars.PHASE9_LIVE_REPOSITORY && github.event.repository.fork != true',
      );
    }
    for (const other of ['phase9', 'pull-request-text', 'defects']) {
      const runners = Object.values(readWorkflow(other).jobs).flatMap((job) => job['runs-on']);
      expect(runners, other).not.to.include('self-hosted');
    }
  });

  it('restores what a killed run left, runs the product, and keeps what it showed', () => {
    const lines = jobs.live?.steps.flatMap(({ run }) => run ?? []);
    expect(lines).to.deep.equal(['npm run ci:restore', 'npm run ci:live']);
    expect(usesOf(jobs.live, 'upload-artifact')[0]?.with.path).to.equal('reports/2*/');
  });
});

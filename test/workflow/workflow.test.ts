import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import {
  actionFile,
  actionNames,
  actionSteps,
  expression,
  npmRun,
  npmScripts,
  readWorkflow,
  workflowFile,
  workflowNames,
} from './workflow-file';

const workflows = workflowNames.map((name) => ({ ...readWorkflow(name), name }));
const allJobs = workflows.flatMap(({ name, jobs }) =>
  Object.entries(jobs).map(([job, one]) => ({ ...one, workflow: name, job })),
);
const allSteps = allJobs.flatMap(({ workflow, job, steps }) => steps.map((one) => ({ ...one, workflow, job })));
const texts = [...workflowNames.map(workflowFile), ...actionNames.map(actionFile)].map((file) =>
  readFileSync(file, 'utf8'),
);
const uses = (action: string) => allSteps.filter((one) => new RegExp(`^actions/${action}[@/]`).test(one.uses ?? ''));

describe('every workflow', () => {
  it('is one of the four', () => {
    expect([...workflowNames].sort()).to.deep.equal(['defects', 'live', 'phase9', 'pull-request-text']);
  });

  it('runs npm scripts only, which are there', () => {
    const scripts = npmScripts();
    const runs = allSteps.flatMap(({ run }) => run ?? []);
    expect(runs.length).to.be.greaterThan(20);
    for (const line of runs) {
      const called = npmRun(line);
      expect(called, line).not.to.equal(undefined);
      expect(scripts, line).to.have.property(called?.script ?? '');
    }
  });

  it('lets nothing that a stranger writes into a shell', () => {
    for (const { run } of allSteps) expect(run ?? '').not.to.include('${{');
    for (const { with: given } of allSteps) expect(JSON.stringify(given)).not.to.include('github.event');
    const bodies = allSteps
      .flatMap(({ env }) => Object.entries(env))
      .filter(([, value]) => value.includes('github.event'));
    expect(bodies).to.deep.equal([['PR_BODY', expression('github.event.pull_request.body')]]);
    for (const { name, on } of workflows) {
      expect(on, name).not.to.have.any.keys('pull_request_target', 'workflow_run', 'issue_comment');
    }
  });

  it('pins every action by commit, and says which version that is', () => {
    const lines = texts.flatMap((text) => text.split('\n')).filter((line) => /^\s*-?\s*uses:/.test(line));
    const commits = new Map<string, Set<string>>();
    for (const line of lines) {
      if (/uses: \.\/\.github\/actions\/[a-z-]+$/.test(line)) continue;
      expect(line).to.match(/uses: actions\/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      const [, action = '', commit = ''] = /uses: actions\/([a-z-]+)[^@]*@(\S+ # \S+)/.exec(line) ?? [];
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
    expect([...commits.keys()].sort()).to.deep.equal([
      'cache',
      'checkout',
      'download-artifact',
      'setup-node',
      'upload-artifact',
    ]);
    for (const [action, known] of commits) expect([...known], action).to.have.length(1);
  });

  it('may read the repository, and nothing else', () => {
    for (const { name, permissions } of workflows) expect(permissions, name).to.deep.equal({ contents: 'read' });
    for (const one of allJobs) expect(one.permissions).to.equal(undefined);
    for (const text of texts) expect(text).not.to.match(/secrets\./);
    for (const one of uses('checkout')) expect(one.with).to.deep.equal({ 'persist-credentials': false });
    for (const { job, steps } of allJobs) expect(steps[0]?.uses, job).to.match(/^actions\/checkout@/);
  });

  it('bounds every job', () => {
    for (const { workflow, job, 'timeout-minutes': minutes } of allJobs) {
      const long = workflow === 'live' || job === 'part';
      expect(minutes, `${workflow}: ${job}`).to.be.at.most(long ? 350 : 60);
    }
  });

  it('uploads in any case, and again where a job runs again', () => {
    const uploads = uses('upload-artifact');
    expect(uploads.length).to.be.at.least(6);
    for (const { workflow, job, if: when, with: given } of uploads) {
      expect(when, `${workflow}: ${job}`).to.equal('always()');
      expect(given, `${workflow}: ${job}`).to.include({ overwrite: true });
    }
    for (const { name, jobs } of workflows) {
      const names = Object.values(jobs)
        .flatMap(({ steps }) => steps)
        .filter((one) => one.uses?.startsWith('actions/upload-artifact'))
        .map((one) => one.with.name);
      expect(new Set(names).size, name).to.equal(names.length);
    }
  });

  it('cancels only what a newer commit of the same pull request makes needless', () => {
    const pullRequest = expression("github.event_name == 'pull_request'");
    for (const { name, on, concurrency } of workflows) {
      const { group, 'cancel-in-progress': cancels } = concurrency;
      if ('pull_request' in on) {
        expect(cancels, name).to.equal(pullRequest);
        // GitHub ends a waiting run when another of its group comes: no two runs of main may share one.
        expect(group, name).to.match(/github\.event_name == 'pull_request' && github\.ref \|\| github\.run_id \}\}$/);
      } else expect(cancels, name).to.equal(false);
    }
    expect(new Set(workflows.map(({ concurrency: { group } }) => group)).size).to.equal(workflows.length);
  });

  it('runs on ubuntu-24.04 with what scenarios need there, as an ordinary user', () => {
    for (const { workflow, job, 'runs-on': on, steps } of allJobs.filter((one) => one.workflow !== 'live')) {
      expect(on, `${workflow}: ${job}`).to.deep.equal(['ubuntu-24.04']);
      const lines = steps.flatMap(({ run }) => run ?? []);
      const machine = lines.findIndex((line) => /^npm run (ci:(checks|row|judge|defects)|setup)$/.test(line));
      if (machine < 0) continue;
      const ready = lines.indexOf('npm run ci:runner -- --change');
      expect(ready, `${workflow}: ${job}`).to.be.within(0, machine - 1);
    }
    for (const text of texts) expect(text).not.to.match(/sudo|container:/);
  });

  it('makes again what changed, in one job, and elsewhere nothing that a cache holds', () => {
    const keys = new Set(uses('cache').flatMap(({ with: { key } }) => String(key)));
    const [made = '', ...rest] = [...keys].filter((key) => key.includes('hashFiles'));
    expect(rest).to.deep.equal([]);
    // What src/cli/setup makes things of: see INPUTS there.
    for (const input of [
      'package-lock.json',
      'src/cli/setup/**',
      'fixtures/private-engine/**',
      ...['*.cjs', 'package.json', 'src/**', 'tree/**', 'supply/**', 'releases/**'].map(
        (one) => `reference-sut/${one}`,
      ),
    ]) {
      expect(made).to.include(`'${input}'`);
    }
    const paths = new Set(uses('cache').map(({ with: { path } }) => String(path)));
    expect([...paths]).to.deep.equal([
      '~/.cache/phase9/agent-images.tar\nreference-sut/dist\nreference-sut/dist-releases\n',
    ]);
    const load = actionSteps('load-images');
    const [restored] = load.filter((one) => one.uses?.startsWith('actions/cache/restore@'));
    expect(restored?.with).to.include({ 'fail-on-cache-miss': true });
    expect(load.map(({ run }) => run)).not.to.include('npm run setup');
    for (const { workflow, job, steps } of allJobs) {
      const lines = steps.map(({ run }) => run);
      if (lines.includes('npm run setup')) expect(job, workflow).to.equal('plan');
    }
    // actions/setup-node keys npm's cache by package-lock.json.
    for (const one of uses('setup-node')) expect(one.with.cache).to.equal('npm');
  });

  it('has nothing that actionlint would say, where there is one', (context) => {
    const { error, status, stdout, stderr } = spawnSync('actionlint', workflowNames.map(workflowFile), {
      encoding: 'utf8',
    });
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return context.skip('no actionlint on PATH');
    expect(status, stdout + stderr).to.equal(0);
  });
});

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { processesWith } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import { clearAway, journalsOf, leftOf, phase9, StartedRun, verdictsOf } from './started-run';

const REBUILD = 'The owner rebuilds a sandbox that runs an old OpenClaw';
const REFUSED = 'The sandbox is not running';

describe('a run that ends in the middle of a rebuild', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'phase9-interruption-'));
  const runs: StartedRun[] = [];
  let number = 0;
  const started = (scenarios: readonly string[], ...options: readonly string[]): StartedRun => {
    number += 1;
    const run = new StartedRun(path.join(directory, String(number)), scenarios, ...options);
    runs.push(run);
    return run;
  };
  after(() => clearAway(directory, runs));

  const allBack = async ({ home, output }: StartedRun, tokens: readonly string[]): Promise<void> => {
    for (const token of tokens) expect(await leftOf(home, token), output).to.deep.equal([]);
    expect(journalsOf(home), output).to.deep.equal([]);
  };
  const nothingToRestore = async ({ home }: StartedRun): Promise<void> => {
    expect(await phase9(home, 'restore')).to.deep.equal({ exit: 0, stdout: 'nothing to restore', stderr: '' });
  };

  it('killed: its restore puts everything back, and a second one finds nothing to do', async () => {
    const run = started([REBUILD]);
    const token = await run.midRebuild();
    const name = await run.name();
    process.kill(run.coordinator(), 'SIGKILL');
    expect(await run.exit()).to.equal(3);
    expect(run.output).to.include('phase9 restore').and.include(`phase9 report ${name}`);
    expect(journalsOf(run.home)).to.have.length(1);
    const restored = await phase9(run.home, 'restore');
    expect([restored.exit, restored.stderr], restored.stdout).to.deep.equal([0, '']);
    await allBack(run, [token]);
    await nothingToRestore(run);
    // What it had found before it was killed is still there, and the rest is named as missing.
    const report = await phase9(run.home, 'report', name);
    expect(report.exit).to.equal(1);
    expect(report.stdout).to.match(/^PASS: rebuild\.openclaw\.old-version-live /m);
    expect(report.stdout).to.match(/^MISSING: rebuild\.openclaw\.completes /m);
  });

  it('killed: the next run puts everything back before it begins, and is none the worse for it', async () => {
    const first = started([REBUILD]);
    const token = await first.midRebuild();
    process.kill(first.coordinator(), 'SIGKILL');
    await first.exit();
    const second = new StartedRun(first.home, [REFUSED]);
    runs.push(second);
    expect(await second.exit(), second.output).to.equal(0);
    expect(second.output).to.include(`restored what ${token} of the run`);
    await allBack(second, [token]);
    await nothingToRestore(second);
  });

  it('with its coordinator killed: the workers restore their scenarios', async () => {
    const run = started([REBUILD, REFUSED], '--parallel', '2');
    await run.midRebuild();
    const tokens = run.tokens();
    const name = await run.name();
    process.kill(run.coordinator(), 'SIGKILL');
    expect(await run.exit()).to.equal(3);
    await until('the workers to end', async () => processesWith(`PHASE9_RUN=${name}`).length === 0, { within: 60_000 });
    await allBack(run, tokens);
    await nothingToRestore(run);
  });

  it('with one worker killed: the others go on, everything is restored, and every assertion has its verdict', async () => {
    const run = started([REBUILD, REFUSED], '--parallel', '2');
    const token = await run.midRebuild();
    const tokens = run.tokens();
    const name = await run.name();
    process.kill(run.worker(token), 'SIGKILL');
    expect(await run.exit(), run.output).to.equal(1);
    await allBack(run, tokens);
    await nothingToRestore(run);
    const verdicts = verdictsOf(run.home, name);
    expect(verdicts.size, 'planned assertions').to.be.at.least(16);
    expect([...verdicts.values()]).not.to.include('none');
    const before = ['rebuild.openclaw.old-version-live', 'rebuild.openclaw.presets-live-before'];
    for (const [id, verdict] of verdicts) {
      const other = id === 'rebuild.lifecycle.aborts-when-not-running';
      expect(verdict, id).to.equal(other || before.includes(id) ? 'passed' : 'not-run');
      expect(run.output).to.match(new RegExp(`^${verdict === 'passed' ? 'PASS' : 'NOT RUN'}: ${id} `, 'm'));
    }
  });

  for (const [how, options] of [
    ['alone', []],
    ['with two workers', ['--parallel', '2']],
  ] as const) {
    for (const whom of ['phase9', 'group'] as const) {
      it(`interrupted ${whom === 'group' ? 'from its terminal' : 'by a signal to phase9 only'}, ${how}: everything is back when it ends`, async () => {
        const run = started([REBUILD, REFUSED], ...options);
        await run.midRebuild();
        const tokens = run.tokens();
        const name = await run.name();
        run.signal(whom, 'SIGINT');
        expect(await run.exit(), run.output).to.equal(130);
        expect(processesWith(`PHASE9_RUN=${name}`)).to.deep.equal([]);
        await allBack(run, tokens);
        await nothingToRestore(run);
        const verdicts = verdictsOf(run.home, name);
        expect(verdicts.get('rebuild.openclaw.old-version-live')).to.equal('passed');
        expect(verdicts.get('rebuild.openclaw.completes')).to.equal('not-run');
        expect([...verdicts.values()]).not.to.include('none');
        expect([...verdicts.values()]).not.to.include('failed');
      });
    }
  }

  for (const [how, happens] of [
    ['its terminal is closed', (run: StartedRun) => run.signal('group', 'SIGHUP')],
    ['nobody reads its output any more', (run: StartedRun) => run.stopReading()],
  ] as const) {
    it(`${how}: it ends early, and everything is back`, async () => {
      const run = started([REBUILD, REFUSED]);
      await run.midRebuild();
      const tokens = run.tokens();
      const name = await run.name();
      happens(run);
      expect(await run.exit(), run.output).to.equal(130);
      await allBack(run, tokens);
      await nothingToRestore(run);
      expect([...verdictsOf(run.home, name).values()]).not.to.include('none');
    });
  }

  it('is left alone by a run that starts meanwhile, and by a restore; both runs end well', async () => {
    const first = started([REBUILD]);
    const token = await first.midRebuild();
    const second = new StartedRun(first.home, [REBUILD]);
    runs.push(second);
    const meanwhile = await phase9(first.home, 'restore');
    expect([meanwhile.exit, meanwhile.stderr]).to.deep.equal([0, '']);
    expect(meanwhile.stdout).to.include(`left alone, still running: ${token} of the run`);
    expect(await first.exit(), first.output).to.equal(0);
    expect(await second.exit(), second.output).to.equal(0);
    expect(second.output).not.to.include('restored what');
    await allBack(first, [token]);
    await nothingToRestore(first);
  });
});

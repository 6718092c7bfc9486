import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { processesWith, startTimeOf } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import type { Obligation } from '../../src/world/obligations/obligation';
import { restore } from '../../src/world/obligations/restore';

describe('processes that are registered for restore', () => {
  const children: ChildProcess[] = [];
  const started = (script: string, env: Record<string, string> = {}): ChildProcess => {
    const child = spawn('sh', ['-c', script], { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
    children.push(child);
    return child;
  };
  const pidOf = ({ pid }: ChildProcess): number => {
    if (pid === undefined) throw new Error('the child did not start');
    return pid;
  };
  const asItIs = (child: ChildProcess): Extract<Obligation, { kind: 'process' }> => {
    const pid = pidOf(child);
    const startTime = startTimeOf(pid);
    if (startTime === undefined) throw new Error(`no process ${pid}`);
    return { kind: 'process', pid, startTime };
  };
  const entry = (): string => `PHASE9_SCENARIO=test-${randomBytes(6).toString('hex')}`;
  const environment = (of: string): Record<string, string> => ({ PHASE9_SCENARIO: of.slice(of.indexOf('=') + 1) });
  after(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it('end, told by pid and start time, and once is enough', async () => {
    const child = started('exec sleep 60');
    const obligation = asItIs(child);
    expect((await restore(obligation)).changed).to.equal(true);
    expect(startTimeOf(obligation.pid)).to.equal(undefined);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).to.equal('SIGTERM');
    expect((await restore(obligation)).changed).to.equal(false);
  });

  it('end even where one takes no SIGTERM', async () => {
    const mark = entry();
    const child = started('trap "" TERM; sleep 60 & wait; sleep 60', environment(mark));
    await until('both processes', async () => processesWith(mark).length >= 2, { within: 5000 });
    expect((await restore({ kind: 'processes', entry: mark })).changed).to.equal(true);
    expect(processesWith(mark)).to.deep.equal([]);
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).to.equal('SIGKILL');
  });

  it('are left alone where another process has the pid now', async () => {
    const child = started('exec sleep 60');
    const { pid, startTime } = asItIs(child);
    const earlier = String(Number(startTime) - 1);
    expect((await restore({ kind: 'process', pid, startTime: earlier })).changed).to.equal(false);
    expect(startTimeOf(pid)).to.equal(startTime);
  });

  it('are found by an entry of their environment, in whatever session and however far below, and no others are', async () => {
    const [ours, others] = [entry(), entry()];
    const other = started('exec sleep 60', environment(others));
    const longer = started('exec sleep 60', environment(`${ours}1`));
    // The grandchild has a session of its own, and its parent is gone.
    started('(setsid sh -c "sleep 60 & wait" &) ; exec sleep 60', environment(ours));
    await until('three processes', async () => processesWith(ours).length >= 3, { within: 5000 });
    const found = processesWith(ours);
    expect((await restore({ kind: 'processes', entry: ours })).changed).to.equal(true);
    expect(found.map(startTimeOf)).to.deep.equal(found.map(() => undefined));
    expect((await restore({ kind: 'processes', entry: ours })).changed).to.equal(false);
    expect(startTimeOf(pidOf(other))).to.be.a('string');
    expect(startTimeOf(pidOf(longer))).to.be.a('string');
  });
});

import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { type CommandRequest, endedHow, runCommand } from '../../src/sut/command';
import { processesWith } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import { temporaryDirectory } from '../temporary-directory';

describe('a command of the system under test', () => {
  const directory = temporaryDirectory('command');
  let number = 0;
  const staged = (): string => {
    number += 1;
    const file = path.join(directory, `staged-${number}`);
    writeFileSync(file, '');
    return file;
  };
  const run = (script: string, request: Partial<CommandRequest> = {}) =>
    runCommand({
      argv: ['sh', '-c', script],
      env: { PATH: process.env.PATH },
      cwd: directory,
      within: 20_000,
      signal: new AbortController().signal,
      logs: path.join(directory, 'logs'),
      ...request,
    });
  /** A script that hangs, while a grandchild of it goes on writing to `file`. */
  const hangsAndWrites = (file: string, deaf = ''): string =>
    `sh -c '${deaf} while :; do echo more >> ${file}; sleep 0.02; done' & wait`;
  /** Tells whether anything is written to `file` in the time in which its writer wrote some ten times. */
  const stillWritten = async (file: string): Promise<boolean> => {
    const { size } = statSync(file);
    await pause(250);
    return statSync(file).size !== size;
  };

  it('is told by its exit status, its two outputs apart, and its time', async () => {
    const result = await run('echo out; echo err >&2; exit 7');
    expect([result.ended, result.exit, String(result.stdout), String(result.stderr), result.reason]).to.deep.equal([
      'exited',
      7,
      'out\n',
      'err\n',
      null,
    ]);
    expect(Date.parse(result.finishedAt) - Date.parse(result.startedAt)).to.be.within(result.ms - 2, result.ms + 2);
    expect(endedHow(result)).to.equal('exit status 7');
  });

  it('sees its own environment, directory and input, and nothing of ours', async () => {
    const input = Buffer.from([0, 255, 10, 13, 0]);
    const result = await run('cat; env; pwd', { env: { PATH: process.env.PATH, ONLY: 'this', NOT: undefined }, input });
    expect(result.stdout.subarray(0, 5).equals(input)).to.equal(true);
    const lines = result.stdout.subarray(5).toString('utf8').trim().split('\n');
    const shells = /^(PATH|PWD|SHLVL|_|OLDPWD)=/;
    expect(lines.filter((line) => !shells.test(line))).to.deep.equal(['ONLY=this', directory]);
  });

  it('finds its input closed where there is none', async () => {
    expect((await run('cat; echo end')).stdout.toString()).to.equal('end\n');
  });

  it('at its bound is killed with all of its group, and nothing is written any more', async () => {
    const file = staged();
    const started = performance.now();
    const result = await run(hangsAndWrites(file, 'trap "" TERM;'), { within: 300 });
    expect([result.ended, result.exit]).to.deep.equal(['timed-out', null]);
    expect(performance.now() - started).to.be.lessThan(6000);
    expect(statSync(file).size).to.be.greaterThan(0);
    expect(await stillWritten(file)).to.equal(false);
    expect(endedHow(result)).to.match(/^killed with its process group after its bound/);
  });

  it('at its bound is told to end before it is killed', async () => {
    const file = staged();
    const result = await run(`trap 'echo told >> ${file}' TERM; while :; do sleep 0.05; done`, { within: 300 });
    expect(result.ended).to.equal('timed-out');
    expect(readFileSync(file, 'utf8')).to.equal('told\n');
  });

  it('ends so too when the run is interrupted, before or while it runs', async () => {
    const file = staged();
    const interruption = new AbortController();
    const under = run(hangsAndWrites(file), { signal: interruption.signal });
    await until('the first line', async () => statSync(file).size > 0, { within: 5000 });
    interruption.abort();
    expect((await under).ended).to.equal('aborted');
    expect(await stillWritten(file)).to.equal(false);
    const other = staged();
    expect((await run(hangsAndWrites(other), { signal: interruption.signal })).ended).to.equal('aborted');
    expect(await stillWritten(other)).to.equal(false);
  });

  it('is not held up by a daemon that it leaves behind with its outputs open', async () => {
    const mark = 'PHASE9_SCENARIO=test-daemon';
    const started = performance.now();
    const result = await run('(setsid sleep 30 &) ; echo started', {
      env: { PATH: process.env.PATH, PHASE9_SCENARIO: mark.slice(16) },
    });
    expect([result.exit, String(result.stdout)]).to.deep.equal([0, 'started\n']);
    expect(performance.now() - started).to.be.lessThan(5000);
    // While it becomes `sleep` its environment cannot be read for a moment.
    await until('the daemon', async () => processesWith(mark).length === 1, { within: 5000 });
    const left = processesWith(mark);
    for (const pid of left) process.kill(pid, 'SIGKILL');
  });

  it('that cannot be started says why', async () => {
    const missing = await run('', { argv: [path.join(directory, 'no-such-program')] });
    expect([missing.ended, missing.exit]).to.deep.equal(['not-started', null]);
    expect(endedHow(missing)).to.match(/^not started: .*ENOENT/);
    writeFileSync(path.join(directory, 'no-program'), '');
    const refused = await run('', { argv: [path.join(directory, 'no-program')] });
    expect(endedHow(refused)).to.match(/^not started: .*EACCES/);
  });

  it('can be killed, by the group that is told once it runs', async () => {
    const file = staged();
    const result = await run(hangsAndWrites(file), { started: (group) => void process.kill(-group, 'SIGKILL') });
    expect([result.ended, result.reason, result.exit]).to.deep.equal(['signalled', 'SIGKILL', null]);
    expect(await stillWritten(file)).to.equal(false);
  });

  it('that a signal ends is told by the signal', async () => {
    const result = await run('kill -KILL $$');
    expect([result.ended, result.exit, endedHow(result)]).to.deep.equal(['signalled', null, 'ended by SIGKILL']);
  });

  it('keeps much output, whole and in order, in files that only we can read', async () => {
    const logs = path.join(directory, 'much');
    const result = await run('seq 1 200000', { logs });
    expect(result.stdout.toString().split('\n')).to.have.length(200_001);
    expect(existsSync(logs)).to.equal(true);
    const [out] = (await run(`stat -c %a ${logs}/*.out`)).stdout.toString().split('\n');
    expect(out).to.equal('600');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { callProgram, describeEnd, type ProgramCall } from '../../src/cli/program';
import { startTimeOf } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const directory = temporaryDirectory('program');
const signal = new AbortController().signal;
const shell = (script: string, call: Partial<ProgramCall> = {}) =>
  callProgram('sh', ['-c', script], { within: 10_000, signal, ...call });

const text = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

async function pidIn(file: string): Promise<number> {
  await until(`a pid in ${file}`, async () => text(file).endsWith('\n'), { within: 5000, every: 20 });
  return Number(text(file));
}

const isGone = (pid: number) =>
  until(`process ${pid} to end`, async () => startTimeOf(pid) === undefined, { within: 5000, every: 20 });

describe('a program that a command calls', () => {
  it('returns its status and its output, each line as it came', async () => {
    const lines: string[] = [];
    const script = 'echo one; echo two >&2; echo three; printf four; cat; exit 3';
    const end = await shell(script, { onLine: (line) => lines.push(line) });
    expect([end.status, end.reason]).to.deep.equal([3, '']);
    expect([end.stdout, end.stderr]).to.deep.equal(['one\nthree\nfour', 'two\n']);
    expect(lines).to.have.members(['one', 'two', 'three']);
    expect(describeEnd(end)).to.equal('exit status 3: two\none\nthree\nfour');
    expect(describeEnd(end, 1)).to.equal('exit status 3: four');
  });

  it('keeps the end of an output that is too long, and is not held up by it', async () => {
    const { status, stdout } = await shell('yes 0123456789 | head -n 500000; echo last');
    expect(status).to.equal(0);
    expect(stdout.length).to.equal(1_000_000);
    expect(stdout.endsWith('0123456789\nlast\n')).to.equal(true);
  });

  it('is looked up on the PATH of its environment, which is all of its environment', async () => {
    expect((await callProgram('sh', [], { within: 5000, signal, env: { PATH: directory } })).reason).to.equal(
      'not-found',
    );
    const { stdout } = await shell('echo "$HOME,$A"', { env: { PATH: process.env.PATH, A: 'a' } });
    expect(stdout).to.equal(',a\n');
  });

  it('is killed at its bound, with its whole process group', async () => {
    const file = path.join(directory, 'bound');
    const end = await shell(`sleep 60 & echo $! > ${file}; wait`, { within: 300 });
    expect([end.status, end.reason]).to.deep.equal([null, 'timed-out']);
    await isGone(await pidIn(file));
  });

  it('has its grace between SIGTERM and SIGKILL', async () => {
    const tidy = "trap 'echo tidy; exit 0' TERM; sleep 60 & wait";
    const tidied = await shell(tidy, { within: 300, grace: 5000 });
    expect([tidied.stdout, tidied.reason]).to.deep.equal(['tidy\n', 'timed-out']);
    const start = performance.now();
    const stubborn = await shell("trap '' TERM; sleep 60", { within: 200, grace: 300 });
    expect(stubborn.reason).to.equal('timed-out');
    expect(performance.now() - start).to.be.lessThan(5000);
  });

  it('is killed when the user interrupts, which ends the command', async () => {
    const file = path.join(directory, 'interrupted');
    const interruption = new AbortController();
    const message = rejection(() => shell(`echo $$ > ${file}; exec sleep 60`, { signal: interruption.signal }));
    const pid = await pidIn(file);
    interruption.abort();
    expect(await message).to.equal('interrupted');
    await isGone(pid);
    expect(await rejection(() => shell('echo', { signal: interruption.signal }))).to.equal('interrupted');
  });

  it('reports that a signal of somebody else killed it', async () => {
    const end = await shell('kill -9 $$');
    expect([end.status, end.reason]).to.deep.equal([null, 'killed']);
  });
});

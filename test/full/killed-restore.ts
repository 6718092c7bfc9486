import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { startTimeOf } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';
import { temporaryDirectory } from '../temporary-directory';
import { phase9 } from './started-run';

const PHASE9 = inRepository('bin/phase9');

describe('a restore that is killed in the middle', () => {
  const home = temporaryDirectory('killed-restore');
  const state = path.join(home, 'state');
  const journals = path.join(state, 'journals');
  const pids: number[] = [];
  after(() => {
    for (const pid of pids) if (startTimeOf(pid) !== undefined) process.kill(pid, 'SIGKILL');
  });

  it('is finished by the next one, which waits for its lock to run out', async () => {
    // Takes no SIGTERM: ending it takes its five seconds, in which the restore is killed.
    const stubborn = spawn('sh', ['-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pid = stubborn.pid ?? 0;
    pids.push(pid);
    await once(stubborn.stdout, 'data');
    const file = path.join(home, 'file');
    writeFileSync(file, 'during');
    mkdirSync(journals, { recursive: true });
    const journal = path.join(journals, 'a-run-p9-test-01.jsonl');
    const owner = { boot: 'another', pid: 1, startTime: '1' };
    const lines = [
      { type: 'opened', at: '', run: 'a-run', scenario: 'p9-test-01', owner },
      { type: 'owed', at: '', id: 1, obligation: { kind: 'file', path: file, before: { absent: true } }, fixture: 'a' },
      {
        type: 'owed',
        at: '',
        id: 2,
        obligation: { kind: 'process', pid, startTime: startTimeOf(pid) ?? '' },
        fixture: 'b',
      },
    ];
    writeFileSync(journal, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

    const first = spawn(process.execPath, [PHASE9, 'restore'], {
      env: { ...process.env, PHASE9_STATE_DIR: state },
      stdio: 'ignore',
    });
    await until('the first restore to have the journal in hand', async () => existsSync(`${journal}.lock`), {
      within: 10_000,
    });
    first.kill('SIGKILL');
    await once(first, 'exit');
    expect(readFileSync(file, 'utf8')).to.equal('during');

    const second = await phase9(home, 'restore');
    expect([second.exit, second.stderr], second.stdout).to.deep.equal([0, '']);
    expect([existsSync(file), startTimeOf(pid), readdirSync(journals)]).to.deep.equal([false, undefined, []]);
    expect(await phase9(home, 'restore')).to.deep.equal({ exit: 0, stdout: 'nothing to restore', stderr: '' });
  });
});

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { wholeBefore } from '../../src/sut/runtime-overrides';

/** The first image that set-up makes; it has Python. */
const IMAGE = 'nemoclaw-reference/agent-base:latest';
const lastOut = readFileSync(inRepository('fixtures/runtime-overrides/last-out.py'), 'utf8');

describe('the first process of a container that is started with overrides', () => {
  const mark = `p9-test-${randomBytes(4).toString('hex')}`;
  const run = (...entry: string[]) => {
    const argv = ['run', '--rm', '--label', `phase9.run=${mark}`, '--network', 'none', '--pull', 'never'];
    const { status, stdout, stderr } = spawnSync(
      'docker',
      [...argv, '--entrypoint', 'python3', IMAGE, '-IS', '-c', lastOut, mark, ...entry],
      { encoding: 'utf8', timeout: 30_000 },
    );
    return { status, stdout: wholeBefore(stdout, mark), stderr: wholeBefore(stderr, mark), printed: stderr };
  };

  it('passes on the output of children that the entry point left behind', () => {
    const late = '{ for i in 1 2 3 4 5; do sh -c :; done; echo late; echo later >&2; } & exit 7';
    expect(run('sh', '-c', late)).to.include({ status: 7, stdout: 'late\n', stderr: 'later\n' });
  });

  it('ends as a shell does after a signal, and gives the entry point the engine’s signal settings', () => {
    expect(run('sh', '-c', 'kill -TERM $$')).to.include({ status: 143, stdout: '', stderr: '' });
    expect(run('bash', '-c', 'set -o pipefail; yes | head -n 1')).to.include({ status: 141, stdout: 'y\n' });
  });

  it('prints no mark where there is no entry point', () => {
    const { stdout, stderr, printed } = run('/no/such/entry');
    expect({ stdout, stderr }).to.deep.equal({ stdout: null, stderr: null });
    expect(printed).to.include('/no/such/entry');
  });
});

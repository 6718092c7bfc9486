import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { runOperation } from '../../src/gateway/operation';
import { Problem } from '../../src/gateway/problem';
import { Store } from '../../src/gateway/store';
import { Turns } from '../../src/gateway/turns';
import { supervisorEntry } from '../../src/sandbox/entry';
import { dockerEnvironment } from '../../src/shared/docker';

describe('an operation', () => {
  it('throws the error of the step that failed, as it was', async () => {
    const problem = new Problem(409, 'taken');
    const fails = async () => {
      throw problem;
    };
    const failure = await runOperation('test', [{ name: 'a', run: fails }], {}).catch((error: unknown) => error);
    expect(failure).to.equal(problem);
  });
});

describe('turns', () => {
  it('run one operation at a time for a key, in order, also after a failure', async () => {
    const turns = new Turns();
    const happened: string[] = [];
    const take = (key: string, name: string, fails = false) =>
      turns
        .take(key, async () => {
          happened.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          happened.push(`${name} ends`);
          if (fails) throw new Error(name);
        })
        .catch(() => {});
    await Promise.all([take('x', 'one', true), take('x', 'two'), take('y', 'other')]);
    const ofX = happened.filter((line) => !line.startsWith('other'));
    expect(ofX).to.deep.equal(['one begins', 'one ends', 'two begins', 'two ends']);
    expect(happened.indexOf('other begins')).to.be.lessThan(happened.indexOf('one ends'));
    await turns.idle();
  });
});

describe('the database', () => {
  it('is its owner’s alone and is read back', () => {
    const directory = mkdtempSync(join(tmpdir(), 'store-'));
    const file = join(directory, 'openshell.db');
    try {
      const store = Store.open(file, { port: 1, network: 'n' });
      store.inference = { provider: 'p', model: 'm' };
      expect(statSync(file).mode & 0o777).to.equal(0o600);
      const again = Store.open(file, { port: 1, network: 'n' });
      expect(again.gatewayId).to.equal(store.gatewayId);
      expect(again.inference).to.deep.equal({ provider: 'p', model: 'm' });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('is never quoted when it is broken', () => {
    const directory = mkdtempSync(join(tmpdir(), 'store-'));
    const file = join(directory, 'openshell.db');
    try {
      for (const text of ['{"credentials": "canary-1', '{"version": 1, "providers": {"p": "canary-1"}}']) {
        writeFileSync(file, text);
        expect(() => Store.open(file, { port: 1, network: 'n' }))
          .to.throw(/openshell\.db/)
          .and.not.match(/canary/);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('the supervisor entry', () => {
  it('runs the payload once, keeps its status, and then idles', () => {
    const directory = mkdtempSync(join(tmpdir(), 'entry-'));
    // The idle command ends at once here, and the status file is the test's own.
    const script = supervisorEntry
      .replace('/tmp/.openshell-payload-status', join(directory, 'status'))
      .replace('sleep infinity', 'echo idle');
    const run = () =>
      spawnSync('/bin/sh', ['-c', script, 'entry', 'sh', '-c', 'echo "payload $0 a b"; exit 3'], { encoding: 'utf8' });
    try {
      expect(run().stdout).to.equal('payload sh a b\nidle\n');
      expect(spawnSync('cat', [join(directory, 'status')], { encoding: 'utf8' }).stdout).to.equal('3\n');
      expect(run().stdout).to.equal('idle\n');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('docker children', () => {
  it('get no credential of the caller', () => {
    const env = dockerEnvironment({
      PATH: '/bin',
      HOME: '/h',
      DOCKER_HOST: 'unix:///x',
      COMPATIBLE_API_KEY: 'canary',
      DISCORD_BOT_TOKEN: 'canary',
    });
    expect(env).to.deep.equal({ DOCKER_BUILDKIT: '0', PATH: '/bin', HOME: '/h', DOCKER_HOST: 'unix:///x' });
  });
});

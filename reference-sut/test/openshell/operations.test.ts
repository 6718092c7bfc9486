import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { runPipeline } from '../../src/gateway/pipeline';
import { Store } from '../../src/gateway/store';
import { Turns } from '../../src/gateway/turns';
import { supervisorEntry } from '../../src/sandbox/entry';
import { dockerEnvironment } from '../../src/shared/docker';
import { until } from '../../src/shared/until';

describe('a pipeline', () => {
  it('undoes what was begun, last first, and throws the failure on', async () => {
    const told: string[] = [];
    const step = (name: string, fails = false) => ({
      name,
      run: async () => {
        told.push(name);
        if (fails) throw new Error(`${name} failed`);
      },
      undo: async () => {
        told.push(`undo ${name}`);
      },
    });
    const failure = await runPipeline('test', [step('a'), step('b', true), step('c')], {}).catch(
      (error: Error) => error.message,
    );
    expect(failure).to.equal('b failed');
    expect(told).to.deep.equal(['a', 'b', 'undo b', 'undo a']);
  });
});

describe('turns', () => {
  it('let one operation at a time have a key, in order, whatever becomes of it', async () => {
    const turns = new Turns();
    const told: string[] = [];
    const take = (key: string, name: string, fails = false) =>
      turns
        .take(key, async () => {
          told.push(`${name} begins`);
          await new Promise((resolve) => setImmediate(resolve));
          told.push(`${name} ends`);
          if (fails) throw new Error(name);
        })
        .catch(() => {});
    await Promise.all([take('x', 'one', true), take('x', 'two'), take('y', 'other')]);
    const ofX = told.filter((line) => !line.startsWith('other'));
    expect(ofX).to.deep.equal(['one begins', 'one ends', 'two begins', 'two ends']);
    expect(told.indexOf('other begins')).to.be.lessThan(told.indexOf('one ends'));
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
    // What idles here ends at once, and the status file is the test's own.
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

describe('until', () => {
  it('gives the first thing seen', async () => {
    let asked = 0;
    const seen = await until('three', async () => (++asked === 3 ? asked : undefined), { withinMs: 1000, everyMs: 1 });
    expect(seen).to.equal(3);
  });

  it('says what was waited for, how long, and what stood in the way', async () => {
    const probe = async () => {
      throw new Error('nobody there');
    };
    const failure = await until('an answer', probe, { withinMs: 5, everyMs: 1 }).catch((error: Error) => error.message);
    expect(failure).to.equal('Waited 5 ms for an answer, in vain: nobody there');
  });
});

import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { watchingArguments } from '../../src/sut/argument-watch';

const SECRET = 'phase9canary0123456789abcdef0123456789abcdef0123456789abcdef';

function ended(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn('sh', ['-c', 'sleep 0.2', 'sh', ...argv], { env: { ...process.env, ...env } })
      .on('error', reject)
      .on('close', () => resolve());
  });
}

describe('a watch over the arguments of processes', { skip: process.platform !== 'linux' }, () => {
  it('sees a secret among them, and passes over one in the environment', async () => {
    const [, bare] = await watchingArguments([SECRET], () => ended(['--key', SECRET]));
    expect(bare.peek().withSecret.join())
      .to.match(/canary/)
      .and.not.contain(SECRET);
    const [, kept] = await watchingArguments([SECRET], () => ended([], { KEY: SECRET }));
    expect(kept.peek().withSecret).to.deep.equal([]);
    expect(kept.peek().processes).to.be.greaterThan(1);
  });
});

import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { ensureChromium } from '../../src/cli/setup/chromium';
import type { Machine } from '../../src/cli/setup/machine';
import { temporaryDirectory } from '../temporary-directory';

describe('Chromium in set-up', () => {
  const directory = temporaryDirectory('chromium');
  let number = 0;

  /** A machine with those programs alone on its PATH. */
  const stage = (programs: Readonly<Record<string, string>>, otherwise: Partial<Machine> = {}) => {
    number += 1;
    const bin = path.join(directory, String(number));
    mkdirSync(bin);
    for (const [name, script] of Object.entries(programs)) {
      const file = path.join(bin, name);
      writeFileSync(file, `#!/bin/sh\necho "${name} $*" >> "${bin}/calls"\n${script}\n`);
      chmodSync(file, 0o755);
    }
    const machine: Machine = {
      root: true,
      debianLike: true,
      serviceManager: 'none',
      env: { PATH: bin },
      engineLog: path.join(bin, 'log'),
      ...otherwise,
    };
    const reported: string[] = [];
    const calls = path.join(bin, 'calls');
    return {
      ensure: () => ensureChromium(machine, (text) => reported.push(text), new AbortController().signal, 5_000),
      reported,
      calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    };
  };

  it('takes the one that is there and touches nothing', async () => {
    const { ensure, reported, calls } = stage({ 'google-chrome': '', 'apt-get': '' });
    expect(await ensure()).to.equal('google-chrome is there');
    expect([reported, calls()]).to.deep.equal([[], []]);
  });

  it("reports that there is none, and installs the distribution's", async () => {
    const { ensure, reported, calls } = stage({ 'apt-get': '' });
    expect(await ensure()).to.equal('installed');
    expect(reported).to.deep.equal(['none here: installing chromium with apt-get']);
    expect(calls()).to.deep.equal(['apt-get update -qq', 'apt-get install --yes -qq --no-install-recommends chromium']);
  });

  it('leaves machines alone where it may not or cannot install, and reports what to do', async () => {
    for (const otherwise of [{ root: false }, { debianLike: false }]) {
      const { ensure, calls } = stage({ 'apt-get': '' }, otherwise);
      expect(await ensure()).to.match(/^none; .*apt-get install chromium$/);
      expect(calls()).to.deep.equal([]);
    }
  });

  it('goes on when it cannot be installed, and reports why', async () => {
    const { ensure } = stage({ 'apt-get': 'echo "E: no such package" >&2; exit 100' });
    expect(await ensure()).to.match(/failed \(exit status 100: E: no such package\).*will fail until/s);
  });
});

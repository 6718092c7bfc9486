import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { checkHostPrograms } from '../../src/cli/doctor/machine-checks';
import { ensureHostPrograms } from '../../src/cli/setup/host-programs';
import { temporaryDirectory } from '../temporary-directory';

const ALL = ['curl', 'strings', 'tar', 'gzip', 'unshare', 'setpriv', 'mount'];

describe('programs of the host', () => {
  const directory = temporaryDirectory('host-programs');
  let number = 0;
  /** A PATH with those programs alone, and an apt-get that records its calls. */
  const stage = (programs: readonly string[], root = true) => {
    number += 1;
    const bin = path.join(directory, String(number));
    mkdirSync(bin);
    for (const name of [...programs, 'apt-get']) {
      writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${name} $*" >> "${bin}/calls"\n`);
      chmodSync(path.join(bin, name), 0o755);
    }
    const env = { PATH: bin };
    const machine = { root, debianLike: true, serviceManager: 'none', env, engineLog: path.join(bin, 'log') } as const;
    const reported: string[] = [];
    const calls = path.join(bin, 'calls');
    return {
      env,
      reported,
      ensure: () => ensureHostPrograms(machine, (text) => reported.push(text), new AbortController().signal),
      calls: () => (existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []),
    };
  };

  it('are left alone where all are there', async () => {
    const { env, ensure, calls } = stage(ALL);
    expect(await ensure()).to.equal('all there');
    expect(calls()).to.deep.equal([]);
    expect(checkHostPrograms(env).state).to.equal('ok');
  });

  it('are installed with the packages that have them, each once', async () => {
    const { ensure, reported, calls } = stage(ALL.filter((name) => !['strings', 'unshare', 'setpriv'].includes(name)));
    expect(await ensure()).to.equal('installed');
    expect(reported[0]).to.equal('there is no strings, unshare, setpriv');
    expect(calls().at(-1)).to.equal('apt-get install --yes -qq --no-install-recommends binutils util-linux');
  });

  it('are named, with what to do, where set-up may not install them', async () => {
    const { env, ensure, calls } = stage(
      ALL.filter((name) => name !== 'curl'),
      false,
    );
    expect(await ensure()).to.match(/AQ-055.*: apt-get install curl$/);
    expect(calls()).to.deep.equal([]);
    const { state, found, advice } = checkHostPrograms(env);
    expect([state, found]).to.deep.equal(['warn', 'no curl']);
    expect(advice).to.match(/AQ-055.*: apt-get install curl$/);
  });
});

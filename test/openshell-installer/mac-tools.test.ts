import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { sha256 } from '../../src/sha256';
import { giveChecksumToolsOfMac } from '../../src/staging/openshell-installer';
import { MAC } from '../../src/staging/openshell-releases';
import { temporaryDirectory } from '../temporary-directory';
import { BOUND, machineIn } from './machine';

describe('the checksum tools of a Mac', () => {
  const directory = temporaryDirectory('mac-tools');
  const { machine } = machineIn(path.join(directory, 'mac'), MAC, ['1.0.0']);
  const file = path.join(machine.own, 'tmp/file');
  const sums = path.join(machine.own, 'tmp/sums');
  writeFileSync(file, 'text');
  writeFileSync(sums, `${sha256('text')}  ${file}\n`);
  const run = async (...argv: [string, ...string[]]) => (await machine.run(argv, BOUND)).peek();

  it('are shasum alone, which computes and checks SHA-256', async () => {
    expect((await run('sh', '-c', 'command -v sha256sum')).exit).not.to.equal(0);
    expect((await run('shasum', '-a', '256', file)).stdout.toString()).to.equal(`${sha256('text')}  ${file}\n`);
    expect((await run('shasum', '-a', '256', '-c', sums)).exit).to.equal(0);
    writeFileSync(file, 'other');
    expect((await run('shasum', '-a', '256', '-c', sums)).exit).to.equal(1);
    writeFileSync(file, 'text');
  });

  it('compute nothing else under its name: without an algorithm the real one takes SHA-1', async () => {
    for (const options of [[], ['-a', '512']]) expect((await run('shasum', ...options, file)).exit).to.equal(1);
  });

  it('may include a sha256sum, which computes and does not check', async () => {
    giveChecksumToolsOfMac(machine, ['shasum', 'sha256sum']);
    expect((await run('sha256sum', file)).stdout.toString()).to.equal(`${sha256('text')}  ${file}\n`);
    expect((await run('sha256sum', '-c', sums)).exit).to.equal(1);
    expect((await run('shasum', '-a', '256', '-c', sums)).exit).to.equal(0);
  });
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { cuttingTar } from '../../src/staging/cutting-tar';
import { temporaryDirectory } from '../temporary-directory';

describe('the tar that cuts archives', () => {
  const directory = temporaryDirectory('cutting-tar');
  const state = path.join(directory, 'state');
  mkdirSync(state);
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(path.join(state, name), name.repeat(700));
  const cutting = (status: number): string => {
    const tar = path.join(directory, `tar-${status}`);
    const real = spawnSync('sh', ['-c', 'command -v tar'], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(real, `${tar}.whole`);
    writeFileSync(tar, cuttingTar(tar, status));
    chmodSync(tar, 0o755);
    return tar;
  };
  const names = (archive: Buffer): string[] =>
    spawnSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

  for (const status of [0, 2]) {
    it(`ends between two members, in the middle, with status ${status}`, () => {
      const tar = cutting(status);
      const cut = spawnSync(tar, ['--hard-dereference', '-C', state, '-cf', '-', '--', 'a', 'b', 'c', 'd']);
      expect(cut.status).to.equal(status);
      expect(names(cut.stdout)).to.deep.equal(['a', 'b']);
      expect(cut.stdout.length % 512).to.equal(0);
      expect(cut.stdout.subarray(-512).equals(Buffer.alloc(512))).to.equal(false);
    });
  }

  it('reads archives as tar does', () => {
    const whole = spawnSync('tar', ['-C', state, '-cf', '-', 'a', 'b']).stdout;
    const listed = spawnSync(path.join(directory, 'tar-0'), ['-tf', '-'], { input: whole, encoding: 'utf8' });
    expect(listed).to.include({ status: 0, stdout: 'a\nb\n' });
  });
});

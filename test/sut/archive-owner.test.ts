import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { firstMember, ownedBy, ownerIn } from '../../src/sut/archive-owner';
import { temporaryDirectory } from '../temporary-directory';

describe('the owner of an archive’s first member', () => {
  const directory = temporaryDirectory('archive-owner');
  const packed = (name: string): Buffer =>
    spawnSync('tar', ['--format=ustar', '--owner=998', '--group=997', '-C', directory, '-cf', '-', name]).stdout;
  const listed = (archive: Buffer): string =>
    spawnSync('tar', ['--numeric-owner', '-tvf', '-'], { input: archive, encoding: 'utf8' }).stdout;

  it('is changed, and nothing else is, as tar itself reads it', () => {
    writeFileSync(path.join(directory, 'kept.bin'), 'abc', { mode: 0o644 });
    const archive = packed('kept.bin');
    expect(ownerIn(archive)).to.deep.equal({ uid: 998, gid: 997, mode: 0o644 });
    const changed = ownedBy(archive, { uid: 0, gid: 0, mode: 0o600 });
    expect(listed(changed)).to.match(/^-rw------- 0\/0 +3 .* kept\.bin\n$/);
    expect(changed.subarray(512)).to.deep.equal(archive.subarray(512));
    expect(ownedBy(changed, ownerIn(archive))).to.deep.equal(archive);
  });

  it('of a directory is changed without what lies in it', () => {
    mkdirSync(path.join(directory, 'skills'));
    writeFileSync(path.join(directory, 'skills/one'), '1');
    const archive = packed('skills');
    expect(firstMember(archive)).to.equal('directory');
    expect(listed(ownedBy(archive, { uid: 0, gid: 0, mode: 0o700 }))).to.match(/^drwx------ 0\/0 .* skills\/\n$/);
  });

  it('is read back as it was written', () => {
    const archive = packed('kept.bin');
    const id = fc.integer({ min: 0, max: 0o7777777 });
    fc.assert(
      fc.property(id, id, fc.integer({ min: 0, max: 0o7777 }), (uid, gid, mode) => {
        expect(ownerIn(ownedBy(archive, { uid, gid, mode }))).to.deep.equal({ uid, gid, mode });
      }),
    );
  });

  it('is refused of what is no archive', () => {
    expect(() => ownerIn(Buffer.from('x'))).to.throw('neither file nor directory');
  });
});

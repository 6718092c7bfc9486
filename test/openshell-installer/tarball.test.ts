import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { tarball } from '../../src/staging/tarball';
import { temporaryDirectory } from '../temporary-directory';

describe('an archive made as data', () => {
  const directory = temporaryDirectory('tarball');
  const tar = (input: Buffer, ...args: string[]) =>
    execFileSync('tar', args, { input, cwd: directory, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });

  it('contains what it was made from, also under a name that no header holds', () => {
    const name = fc.stringMatching(/^[a-z]{1,40}(\/[a-z]{1,40}){0,6}$/);
    fc.assert(
      fc.property(name, fc.string({ maxLength: 1500, unit: 'grapheme' }), (name, text) => {
        const archive = tarball([{ kind: 'file', name, text }]);
        expect(tar(archive, '-tzf', '-')).to.equal(`${name}\n`);
        expect(tar(archive, '-xzOf', '-')).to.equal(text);
      }),
      { numRuns: 25 },
    );
  });

  it('contains links, directories and paths that a program which packs would not', () => {
    const target = `/${'long/'.repeat(30)}target`;
    const archive = tarball([
      { kind: 'file', name: 'first', text: 'text' },
      { kind: 'hard link', name: 'hard', target: 'first' },
      { kind: 'symbolic link', name: 'soft', target },
      { kind: 'directory', name: 'below' },
      { kind: 'file', name: '../up', text: '' },
      { kind: 'file', name: '/absolute', text: '' },
    ]);
    const lines = tar(archive, '-tvzPf', '-').trimEnd().split('\n');
    expect(lines.map((line) => line[0]).join('')).to.equal('-hld--');
    expect(lines.slice(4).map((line) => line.split(' ').at(-1))).to.deep.equal(['../up', '/absolute']);
    const into = mkdtempSync(path.join(directory, 'into-'));
    execFileSync('tar', ['-xzf', '-', '-C', into, 'first', 'hard', 'soft'], { input: archive });
    expect(readFileSync(path.join(into, 'hard'), 'utf8')).to.equal('text');
    expect(readlinkSync(path.join(into, 'soft'))).to.equal(target);
    expect(existsSync(path.join(into, 'below'))).to.equal(false);
  });

  it('may contain nothing', () => {
    expect(tar(tarball([]), '-tzf', '-')).to.equal('');
  });
});

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { fileAsItIs } from '../../src/world/obligations/obligation';
import { restore } from '../../src/world/obligations/restore';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
const mode = fc.nat(0o777).map((bits) => bits | 0o400);
/** A state that a file may be in. */
const state = fc.option(fc.record({ bytes, mode }));
type State = { readonly bytes: Buffer; readonly mode: number } | null;

describe('a file that is registered for restore', () => {
  const directory = temporaryDirectory('file');
  const file = path.join(directory, 'deep', 'file');
  const become = (wanted: State): void => {
    rmSync(file, { force: true });
    if (wanted === null) return;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, wanted.bytes);
    chmodSync(file, wanted.mode);
  };
  const now = (): State =>
    existsSync(file) ? { bytes: readFileSync(file), mode: statSync(file).mode & 0o7777 } : null;

  it('gets its bytes, its mode or its absence back, whatever became of it, and once is enough', async () => {
    await fc.assert(
      fc.asyncProperty(state, state, async (before, during) => {
        become(before);
        const obligation = fileAsItIs(file);
        become(during);
        const mutated = JSON.stringify(now()) !== JSON.stringify(before);
        expect((await restore(obligation)).changed).to.equal(mutated);
        expect(now()).to.deep.equal(before);
        expect((await restore(obligation)).changed).to.equal(false);
        expect(now()).to.deep.equal(before);
      }),
      { numRuns: 80 },
    );
  });

  it('is restored where its whole directory is gone', async () => {
    become({ bytes: Buffer.from('x'), mode: 0o640 });
    const obligation = fileAsItIs(file);
    rmSync(path.dirname(file), { recursive: true });
    expect((await restore(obligation)).changed).to.equal(true);
    expect(now()).to.deep.equal({ bytes: Buffer.from('x'), mode: 0o640 });
  });

  it('is refused, and its place left alone, where a directory stands in its way', async () => {
    become(null);
    const obligation = fileAsItIs(file);
    mkdirSync(file);
    expect(await rejection(() => restore(obligation))).to.include(file);
    expect(statSync(file).isDirectory()).to.equal(true);
    rmSync(file, { recursive: true });
  });

  it('is the file that its owner has, not a copy of it in the place of a link', async () => {
    const real = path.join(directory, 'real');
    writeFileSync(real, 'before', { mode: 0o640 });
    rmSync(file, { force: true });
    symlinkSync(real, file);
    const obligation = fileAsItIs(file);
    writeFileSync(file, 'during');
    await restore(obligation);
    expect(readFileSync(real, 'utf8')).to.equal('before');
    expect(readFileSync(file, 'utf8')).to.equal('before');
    expect((statSync(real).mode & 0o7777).toString(8)).to.equal('640');
    rmSync(file);
  });
});

describe('a directory that is registered for restore', () => {
  const directory = temporaryDirectory('directory');

  it('goes with all that is in it, once, and leaves what a link in it points at', async () => {
    const own = path.join(directory, 'own');
    const kept = path.join(directory, 'kept');
    mkdirSync(path.join(own, 'a', 'b'), { recursive: true });
    writeFileSync(path.join(own, 'a', 'b', 'c'), '');
    writeFileSync(kept, '');
    symlinkSync(kept, path.join(own, 'link'));
    expect((await restore({ kind: 'directory', path: own })).changed).to.equal(true);
    expect([existsSync(own), existsSync(kept)]).to.deep.equal([false, true]);
    expect((await restore({ kind: 'directory', path: own })).changed).to.equal(false);
  });
});

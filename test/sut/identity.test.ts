import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import fc from 'fast-check';
import { identityOf, treeDigest } from '../../src/sut/identity';
import type { Profile } from '../../src/sut/profile';
import { profileOf } from '../../src/sut/profiles/choose';
import { temporaryDirectory } from '../temporary-directory';

const segment = fc.stringMatching(/^[a-c]{1,2}$/);
/** Files of a tree; a name is a file or a directory, never both. */
const tree = fc.dictionary(
  fc.tuple(segment, segment).map(([directory, file]) => `${directory}.d/${file}`),
  fc.string({ maxLength: 8 }),
  { maxKeys: 5 },
);

describe('the digest of a tree', () => {
  const root = temporaryDirectory('tree');
  let number = 0;
  const written = (files: Readonly<Record<string, string>>): string => {
    number += 1;
    const directory = path.join(root, String(number));
    mkdirSync(directory);
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), content);
    }
    return directory;
  };

  it('is the same for the same files wherever and whenever they lie, and another for any others', () => {
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        const sorted = (files: Record<string, string>) => JSON.stringify(Object.entries(files).sort());
        const same = sorted(one) === sorted(other);
        const again = written(Object.fromEntries(Object.entries(one).reverse()));
        for (const name of Object.keys(one)) utimesSync(path.join(again, name), 1, 1);
        expect(treeDigest(again)).to.equal(treeDigest(written(one)));
        expect(treeDigest(written(one)) === treeDigest(written(other))).to.equal(same);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves installed packages and git’s own files out', () => {
    const plain = treeDigest(written({ 'a.d/b': '1' }));
    expect(treeDigest(written({ 'a.d/b': '1', 'node_modules/x': '2', '.git/HEAD': '3' }))).to.equal(plain);
  });

  it('sees content moved from one file to the next', () => {
    const directory = written({ 'a.d/one': '1', 'a.d/two': '' });
    const before = treeDigest(directory);
    rmSync(path.join(directory, 'a.d/two'));
    renameSync(path.join(directory, 'a.d/one'), path.join(directory, 'a.d/two'));
    writeFileSync(path.join(directory, 'a.d/one'), '');
    expect(treeDigest(directory)).not.to.equal(before);
  });
});

describe('the identity of a system under test', () => {
  const directory = temporaryDirectory('identity');
  const profile = (name: string): Profile => ({
    ...profileOf('reference'),
    distribution: path.join(directory, name),
    tree: '.',
    kind: 'product',
  });
  const make = (name: string): string => {
    const at = path.join(directory, name);
    mkdirSync(at);
    writeFileSync(path.join(at, 'package.json'), '{"version":"0.0.53"}');
    return at;
  };

  it('of a checkout names version, commit, tree and whether it was changed; it is seen once', async () => {
    const at = make('checkout');
    const git = (...args: string[]) =>
      execa('git', ['-C', at, '-c', 'user.name=t', '-c', 'user.email=t@t.test', ...args]);
    await git('init', '-q');
    await git('add', '.');
    await git('commit', '-q', '-m', 'one');
    const { stdout: commit } = await git('rev-parse', 'HEAD');
    const digest = treeDigest(at);
    const identity = await identityOf(profile('checkout'));
    expect(identity).to.deep.equal({ kind: 'product', version: '0.0.53', commit, treeDigest: digest, dirty: false });
    writeFileSync(path.join(at, 'staged'), 'later');
    expect(await identityOf(profile('checkout'))).to.deep.equal(identity);
  });

  it('of a checkout with changes says so', async () => {
    const at = make('changed');
    await execa('git', ['-C', at, 'init', '-q']);
    expect((await identityOf(profile('changed'))).dirty).to.equal(true);
  });

  it('of a directory that is no checkout has no commit', async () => {
    make('plain');
    const { commit, dirty } = await identityOf(profile('plain'));
    expect([commit, dirty]).to.deep.equal([null, null]);
  });
});

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { filesOf, filesWithSecrets } from '../../src/sut/machine-files';
import { temporaryDirectory } from '../temporary-directory';

const SECRET = 'phase9canary0123456789abcdef0123456789abcdef0123456789abcdef';

describe('the files of a machine', () => {
  it('are read with text and mode, and an absent one as absent', () => {
    const at = temporaryDirectory('machine-files');
    writeFileSync(path.join(at, 'notes'), 'one', { mode: 0o640 });
    expect(filesOf(at, ['notes', 'none']).peek()).to.deep.equal([
      { name: 'notes', text: 'one', mode: 0o640 },
      { name: 'none', text: '', mode: null },
    ]);
  });

  it('with a secret are readable for others by their own mode, and by those of the directories above', () => {
    const at = temporaryDirectory('machine-files');
    for (const [directory, mode] of [
      ['open', 0o755],
      ['closed', 0o700],
    ] as const) {
      mkdirSync(path.join(at, directory));
      for (const [name, own] of [
        ['all', 0o644],
        ['group', 0o640],
        ['own', 0o600],
      ] as const) {
        writeFileSync(path.join(at, directory, name), `{"key":"${SECRET}"}`);
        chmodSync(path.join(at, directory, name), own);
      }
      writeFileSync(path.join(at, directory, 'nothing'), 'no key');
      chmodSync(path.join(at, directory), mode);
    }
    const { files, withSecret } = filesWithSecrets(at, [SECRET]).peek();
    const readable = withSecret.filter((one) => one.readable).map(({ name }) => name);
    expect(files).to.equal(8);
    expect(withSecret.length).to.equal(6);
    expect(readable.sort()).to.deep.equal(['open/all', 'open/group']);
  });
});

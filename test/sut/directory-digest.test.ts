import { mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { directoryDigest } from '../../src/sut/directory-digest';
import { temporaryDirectory } from '../temporary-directory';

describe('the digest of a directory', () => {
  const root = temporaryDirectory('digest');
  let directory = '';
  let number = 0;
  let before = '';
  const at = (name: string): string => path.join(directory, name);

  beforeEach(() => {
    number += 1;
    directory = path.join(root, String(number));
    mkdirSync(at('workspace/node_modules/.git'), { recursive: true });
    writeFileSync(at('workspace/marker.txt'), 'marker');
    writeFileSync(at('workspace/node_modules/.git/HEAD'), 'head');
    symlinkSync('marker.txt', at('workspace/link'));
    before = directoryDigest(directory);
  });

  it('is the same for the same content, whenever it was written', () => {
    utimesSync(at('workspace/marker.txt'), 1, 1);
    expect(directoryDigest(directory)).to.equal(before);
  });

  const changes: Record<string, () => void> = {
    'a file that is gone': () => rmSync(at('workspace/marker.txt')),
    'a directory that is gone': () => rmSync(at('workspace'), { recursive: true }),
    'a file cut short': () => writeFileSync(at('workspace/marker.txt'), 'mark'),
    'a file of another name': () => renameSync(at('workspace/marker.txt'), at('workspace/marker.bak')),
    'a file among packages': () => writeFileSync(at('workspace/node_modules/.git/HEAD'), 'other'),
    'an empty directory more': () => mkdirSync(at('memory')),
    'a link that leads elsewhere': () => {
      rmSync(at('workspace/link'));
      symlinkSync('elsewhere', at('workspace/link'));
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`sees ${what}`, () => {
      change();
      expect(directoryDigest(directory)).not.to.equal(before);
    });
  }
});

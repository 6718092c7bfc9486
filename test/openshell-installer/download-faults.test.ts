import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { changesOf } from '../../src/checks/openshell-installer';
import { downloadFaults } from '../../src/staging/openshell-download-faults';
import { MAC, neededArchives } from '../../src/staging/openshell-releases';
import { temporaryDirectory } from '../temporary-directory';
import { BOUND, machineIn } from './machine';

describe('the faults of downloads', () => {
  const directory = temporaryDirectory('faults');
  const { machine, releases } = machineIn(path.join(directory, 'mac'), MAC, ['1.0.0', '1.0.1']);
  const published = () =>
    Object.fromEntries(
      ['v1.0.0', 'v1.0.1'].flatMap((tag) =>
        readdirSync(path.join(releases.directory, tag)).map((name) => [
          `${tag} ${name}`,
          readFileSync(path.join(releases.directory, tag, name), 'hex'),
        ]),
      ),
    );

  for (const [words, fault] of Object.entries(downloadFaults)) {
    it(`“${words}” is staged, and undone`, async () => {
      const before = published();
      const tool = async () => (await machine.run(['shasum', '-a', '256', '/etc/hostname'], BOUND)).peek().exit;
      expect(await tool()).to.equal(0);
      if (fault.about === 'machine') {
        const undo = fault.stage(machine);
        expect(await tool()).not.to.equal(0);
        undo();
      } else {
        for (const archive of neededArchives(MAC)) {
          const during = await releases.whileChanged(archive, fault.change, async () => published());
          const changed = Object.keys(before).filter((name) => during[name] !== before[name]);
          const names = [archive.asset, archive.checksums].flatMap((name) => [`v1.0.0 ${name}`, `v1.0.1 ${name}`]);
          expect(changed.length).to.be.greaterThan(1);
          expect(names).to.include.members(changed);
        }
      }
      expect(published()).to.deep.equal(before);
      expect(await tool()).to.equal(0);
    });
  }
});

describe('the changes of files', () => {
  const files = fc.dictionary(fc.constantFrom('bin/a', 'bin/b', 'home/c'), fc.constantFrom('1', '2'));

  it('are none exactly where nothing came, went or became another', () => {
    fc.assert(
      fc.property(files, files, (one, other) => {
        const [before, after] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
        const paths = ['bin/a', 'bin/b', 'home/c'].filter((file) => before.get(file) !== after.get(file));
        expect(changesOf(before, after).map((line) => line.split(' ')[0])).to.deep.equal(paths);
      }),
    );
  });
});

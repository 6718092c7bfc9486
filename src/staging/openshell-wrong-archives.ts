import path from 'node:path';
import type { InstallerMachine } from '../sut/installer-machine';
import { type Archive, neededPrograms, type Platform, programText } from './openshell-releases';
import type { Member } from './tarball';

/** What a wrong archive is made from. */
export interface Ingredients {
  readonly archive: Archive;
  readonly version: string;
  readonly platform: Platform;
  readonly machine: InstallerMachine;
}

/** A file in HOME that a link of an archive leads to. */
export const OWNERS_FILE = 'letters.txt';

function program(name: string, version: string, note = ''): Member {
  return { kind: 'file', name, text: `${programText(path.basename(name), version)}${note}` };
}

const STRANGER = '# This program is not part of the release.\n';

/** Another program that the machine needs, and that has an archive of its own. */
function another({ archive, platform }: Ingredients): string {
  const name = neededPrograms(platform).find((one) => one !== archive.program);
  if (name === undefined) throw new Error('a machine needs more than one program');
  return name;
}

function right({ archive, version }: Ingredients): Member {
  return program(archive.program, version);
}

/** Members of wrong archives, by the words of the feature. */
export const wrongArchives: Readonly<Record<string, (from: Ingredients) => readonly Member[]>> = {
  'another program': (from) => [program(another(from), from.version, STRANGER)],
  'another program beside its own': (from) => [right(from), program(another(from), from.version, STRANGER)],
  'its own program twice': (from) => [right(from), program(from.archive.program, from.version, STRANGER)],
  'no program': () => [],
  'a symbolic link to a file of the owner': ({ archive, machine }) => [
    { kind: 'symbolic link', name: archive.program, target: path.join(machine.home, OWNERS_FILE) },
  ],
  'a hard link to another download': ({ archive }) => [
    { kind: 'hard link', name: archive.program, target: archive.checksums },
  ],
  'a directory of the program’s name': ({ archive }) => [{ kind: 'directory', name: archive.program }],
  'its own program, and one for an absolute path': (from) => [
    right(from),
    program(path.join(from.machine.programs, another(from)), from.version, STRANGER),
  ],
  'its own program, and one for a path that leads upwards': (from) => [
    right(from),
    program(`../../bin/${another(from)}`, from.version, STRANGER),
  ],
};

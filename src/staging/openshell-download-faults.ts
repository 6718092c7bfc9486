import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { sha256 } from '../sha256';
import type { InstallerMachine } from '../sut/installer-machine';
import { type PublishedArchive, programText } from './openshell-releases';
import { tarball } from './tarball';

/** Something because of which a download cannot be verified: about the files of an archive, or about the machine as a whole. */
export type DownloadFault =
  | { readonly about: 'archive' | 'checksum file'; readonly change: (published: PublishedArchive) => void }
  | { readonly about: 'machine'; readonly stage: (machine: InstallerMachine) => () => void };

const PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to go on</h1></body></html>\n';

/** The programs by which a machine computes SHA-256. */
const CHECKSUM_TOOLS = ['sha256sum', 'shasum'];

const brokenTool = inRepository('fixtures/openshell-installer/broken-tool');

/**
 * Publishes a program that works and is another one, and two checksums: its own, and that of the right archive. Nobody can say from
 * the release which of them is meant.
 */
function twoChecksums(first: 'right' | 'other') {
  return ({ archive, version, file, checksums, line }: PublishedArchive): void => {
    const text = `${programText(archive.program, version)}# This line is not part of the release.\n`;
    const bytes = tarball([{ kind: 'file', name: archive.program, text }]);
    writeFileSync(file, bytes);
    const other = `${sha256(bytes)}  ${archive.asset}\n`;
    writeFileSync(checksums, first === 'right' ? line + other : other + line);
  };
}

/** Replaces every checksum tool of the machine, or takes them away. @returns what undoes it */
function replaceTools(machine: InstallerMachine, by: string | null): () => void {
  const undo = CHECKSUM_TOOLS.flatMap((name) => {
    const [tool, away] = [path.join(machine.tools, name), path.join(machine.host, `${name}.away`)];
    try {
      renameSync(tool, away);
    } catch {
      return [];
    }
    if (by !== null) writeFileSync(tool, readFileSync(by), { mode: 0o755 });
    return [
      () => {
        rmSync(tool, { force: true });
        renameSync(away, tool);
      },
    ];
  });
  return () => {
    for (const one of undo) one();
  };
}

/** The faults by the words of the feature. */
export const downloadFaults: Readonly<Record<string, DownloadFault>> = {
  'its checksum file is missing': { about: 'checksum file', change: ({ checksums }) => rmSync(checksums) },
  'its checksum file is empty': { about: 'checksum file', change: ({ checksums }) => writeFileSync(checksums, '') },
  'its checksum file lists only other archives': {
    about: 'checksum file',
    change: ({ checksums, otherLines }) => writeFileSync(checksums, otherLines),
  },
  'its checksum file lists it twice, the right checksum first': {
    about: 'checksum file',
    change: twoChecksums('right'),
  },
  'its checksum file lists it twice, the right checksum last': {
    about: 'checksum file',
    change: twoChecksums('other'),
  },
  'its checksum is cut short': {
    about: 'checksum file',
    change: ({ checksums, line }) => writeFileSync(checksums, `${line.slice(0, 8)}${line.slice(64)}`),
  },
  'its checksum is left out': {
    about: 'checksum file',
    change: ({ checksums, line }) => writeFileSync(checksums, line.slice(64)),
  },
  'a web page stands in place of its checksum file': {
    about: 'checksum file',
    change: ({ checksums }) => writeFileSync(checksums, PAGE),
  },
  'a web page stands in place of the archive': { about: 'archive', change: ({ file }) => writeFileSync(file, PAGE) },
  'the archive ends half way': {
    about: 'archive',
    change: ({ file }) => {
      const whole = readFileSync(file);
      writeFileSync(file, whole.subarray(0, whole.length / 2));
    },
  },
  'the machine has no checksum tool': { about: 'machine', stage: (machine) => replaceTools(machine, null) },
  'the checksum tool of the machine fails': {
    about: 'machine',
    stage: (machine) => replaceTools(machine, brokenTool),
  },
};

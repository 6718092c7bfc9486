import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { sha256 } from '../src/shared/sha256';

/** A program of a release, and the names of its archives (observed-runtime.md, B): `{arch}` is the processor. */
export interface ReleasedProgram {
  readonly name: string;
  readonly file: string;
  readonly archive: string;
  readonly checksums: string;
}

const architectures = ['x86_64', 'aarch64'];

/** The programs of an OpenShell release, built in `directory`; up to 0.0.36 there is the one. */
export function releasedPrograms(directory: string, names: readonly string[]): ReleasedProgram[] {
  return names.map((name) => ({
    name,
    file: join(directory, name),
    archive: `${name}-{arch}-unknown-linux-${name === 'openshell' ? 'musl' : 'gnu'}.tar.gz`,
    checksums: `${name}-checksums-sha256.txt`,
  }));
}

/** Writes a release's archives and checksum files into `directory`, as a release page serves them. */
export async function writeAssets(directory: string, programs: readonly ReleasedProgram[]): Promise<void> {
  mkdirSync(directory, { recursive: true });
  for (const { name, file, archive, checksums } of programs) {
    const lines: string[] = [];
    for (const architecture of architectures) {
      const asset = archive.replace('{arch}', architecture);
      const tarball = pack();
      tarball.entry({ name, mode: 0o755, mtime: new Date(0) }, readFileSync(file));
      tarball.finalize();
      await pipeline(tarball, createGzip(), createWriteStream(join(directory, asset)));
      lines.push(`${sha256(readFileSync(join(directory, asset)))}  ${asset}\n`);
    }
    writeFileSync(join(directory, checksums), lines.join(''));
  }
}

import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type Pack, pack } from 'tar-stream';
import type { Backup } from './manifest';

/** The state directories of a backup as a tar stream, with the permissions that everything had in the sandbox. */
export function packedDirectories({ manifest, directory }: Backup): Readable {
  const stream = pack();
  const walk = async (path: string): Promise<void> => {
    await add(stream, join(directory, path), path, manifest.modes[path]);
    if (!lstatSync(join(directory, path)).isDirectory()) return;
    for (const name of readdirSync(join(directory, path))) await walk(`${path}/${name}`);
  };
  const all = async (): Promise<void> => {
    for (const path of manifest.backedUpDirs) await walk(path);
    stream.finalize();
  };
  all().catch((error) => stream.destroy(error));
  return Readable.from(stream);
}

function add(stream: Pack, file: string, name: string, mode: number | undefined): Promise<void> {
  const status = lstatSync(file);
  const common = { name, mtime: status.mtime };
  return new Promise((resolve, reject) => {
    const added = (error?: Error | null): void => (error ? reject(error) : resolve());
    if (status.isSymbolicLink()) stream.entry({ ...common, type: 'symlink', linkname: readlinkSync(file) }, added);
    else if (status.isDirectory()) stream.entry({ ...common, type: 'directory', mode: mode ?? 0o700 }, added);
    else stream.entry({ ...common, mode: mode ?? 0o600 }, readFileSync(file), added);
  });
}

import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/** Makes a directory (and its parents) that only its owner can enter, mode 0700. */
export function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}

/** Writes a file of mode 0600 in one piece: a reader, or a crash, sees the old content or the new one. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  privateDirectory(dirname(path));
  await writeFileAtomic(path, content, { mode: 0o600 });
}

/** As writePrivateFile, for a caller that must not go on before the content is on disk. */
export function writePrivateFileSync(path: string, content: string): void {
  privateDirectory(dirname(path));
  writeFileAtomic.sync(path, content, { mode: 0o600 });
}

/** The file's text, or undefined where there is no such file. Other errors are thrown. */
export function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

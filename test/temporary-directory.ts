import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A directory that is removed when this test file's process ends, after all its hooks. */
export function temporaryDirectory(subject: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), `phase9-${subject}-`));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

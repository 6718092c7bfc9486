import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/**
 * SHA-256 over all that lies in a directory: names, contents of files, targets of links. Times and modes do not count.
 * @param skipped names that are left out wherever they stand, with all below them
 */
export function directoryDigest(directory: string, skipped: ReadonlySet<string> = new Set()): string {
  const hash = createHash('sha256');
  const walk = (at: string) => {
    const entries = readdirSync(at, { withFileTypes: true }).filter(({ name }) => !skipped.has(name));
    for (const one of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(at, one.name);
      const [kind, content] = seen(one, file);
      const name = path.relative(directory, file);
      hash.update(JSON.stringify([kind, name, Buffer.byteLength(content)])).update(content);
      if (kind === 'directory') walk(file);
    }
  };
  walk(directory);
  return hash.digest('hex');
}

function seen(one: Dirent, file: string): readonly [kind: string, content: string | Buffer] {
  if (one.isDirectory()) return ['directory', ''];
  if (one.isSymbolicLink()) return ['link', readlinkSync(file)];
  return one.isFile() ? ['file', readFileSync(file)] : ['other', ''];
}

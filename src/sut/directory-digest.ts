import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** SHA-256 over all that lies in a directory: names, contents of files, targets of links. Times do not count. */
export function directoryDigest(directory: string): string {
  const hash = createHash('sha256');
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((one) => ({ one, file: path.join(one.parentPath, one.name) }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
  for (const { one, file } of entries) {
    const [kind, content] = one.isDirectory()
      ? ['directory', '']
      : one.isSymbolicLink()
        ? ['link', readlinkSync(file)]
        : one.isFile()
          ? ['file', readFileSync(file)]
          : ['other', ''];
    const name = path.relative(directory, file);
    hash.update(JSON.stringify([kind, name, Buffer.byteLength(content)])).update(content);
  }
  return hash.digest('hex');
}

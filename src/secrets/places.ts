import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

export const REPOSITORY = path.resolve(__dirname, '../..');

/** What is committed and must hold no secret. */
export const COMMITTED = ['manifests', 'contracts', 'fixtures', 'audit'].map((name) => path.join(REPOSITORY, name));

/**
 * All files at and below `places`, sorted. Links to files count as files; links to directories below a place are not followed, and
 * what is neither (a socket, say) has no content. A place that does not exist has no files.
 */
export function filesUnder(...places: string[]): string[] {
  const files = places.flatMap((place) => {
    if (!existsSync(place)) return [];
    const root = realpathSync(place);
    if (!statSync(root).isDirectory()) return [place];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ parentPath, name }) => path.join(place, path.relative(root, path.join(parentPath, name))))
      .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  });
  return [...new Set(files)].sort();
}

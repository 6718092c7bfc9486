import path from 'node:path';

/** The root of this repository: commands are called from anywhere. */
export const REPOSITORY = path.resolve(__dirname, '..');

/** A file or directory of the repository. @param relative its path from the root */
export function inRepository(relative: string): string {
  return path.join(REPOSITORY, relative);
}

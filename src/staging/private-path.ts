import { accessSync, constants, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Programs that a user who has installed nothing yet lacks; and `gh`, without which releases are fetched by curl. */
const LEFT_OUT = /^(gh|openshell.*|nemoclaw.*|nemohermes)$/;

/** The existing directories of this process's PATH. */
function hostDirectories(): string[] {
  const directories = (process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(path.delimiter);
  return directories.filter((directory) => path.isAbsolute(directory) && existsSync(directory));
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The host's own program of that name. @throws when there is none. */
export function hostProgram(name: string): string {
  const found = hostDirectories()
    .map((directory) => path.join(directory, name))
    .find(executable);
  if (found === undefined) throw new Error(`this host has no \`${name}\`, which an installer needs: install it`);
  return found;
}

/** Fills `directory` with links to the host's programs, except `gh` and those that installers bring. */
export function linkPrograms(directory: string): void {
  mkdirSync(directory, { recursive: true });
  // The Node of this run, even where PATH finds another one first.
  symlinkSync(process.execPath, path.join(directory, 'node'));
  const taken = new Set(['node']);
  for (const from of hostDirectories()) {
    for (const name of readdirSync(from)) {
      if (taken.has(name) || LEFT_OUT.test(name) || !executable(path.join(from, name))) continue;
      taken.add(name);
      symlinkSync(path.join(from, name), path.join(directory, name));
    }
  }
}

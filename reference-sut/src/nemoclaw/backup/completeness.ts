import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../failure';
import { execIn, lastWords } from '../openshell';
import { reasonToLeaveOut } from './sanitizer';

/** Prints what lies in the directories since before a time; what came later, or went meanwhile, no backup can be blamed for. */
const LIST =
  'cd "$0" && since=$1 && shift && find "$@" ! -newerct "$since" \\( -type f -o -type d -o -type l \\) -print0';

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true; // a directory whose mode forbids the look was kept with that mode
  }
}

/**
 * An archive that ends early looks like a whole one: asks the sandbox what lies in its state directories, and looks for each of it under `root`.
 * @param since when the collection began
 * @throws CommandFailure when anything is missing, or cannot be listed.
 */
export async function requireComplete(
  sandbox: string,
  stateRoot: string,
  directories: readonly string[],
  root: string,
  since: Date,
): Promise<void> {
  if (directories.length === 0) return;
  const at = `@${since.getTime() / 1000}`;
  const result = await execIn(sandbox, ['sh', '-c', LIST, stateRoot, at, ...directories]);
  if (result.status !== 0 && /permission denied/i.test(result.stderr)) {
    throw new CommandFailure(`The state of '${sandbox}' cannot be listed: ${lastWords(result)}`);
  }
  const listed = result.stdout.split('\0').filter((path) => path !== '');
  if (listed.length === 0) throw new CommandFailure(`The state of '${sandbox}' cannot be listed: ${lastWords(result)}`);
  const missing = listed.filter((path) => reasonToLeaveOut(path) === undefined && !isThere(join(root, path)));
  if (missing.length === 0) return;
  throw new CommandFailure(
    `The sandbox sent an incomplete archive: ${missing.length} of ${listed.length} are missing, ${missing.slice(0, 3).join(', ')} among them.`,
  );
}

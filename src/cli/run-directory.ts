import { existsSync } from 'node:fs';
import path from 'node:path';
import { reportsDirectory } from '../run-context';
import { UserError } from '../user-error';

/** The directory of a run that a user names. @param run its name below the directory of reports, or its path @throws UserError when there is none. */
export function directoryOf(run: string): string {
  const directory = existsSync(path.join(run, 'run.json')) ? path.resolve(run) : path.join(reportsDirectory(), run);
  if (existsSync(path.join(directory, 'run.json'))) return directory;
  throw new UserError(`no run in ${directory}: give the name of a directory under ${reportsDirectory()}, or a path`);
}

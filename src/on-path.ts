import { existsSync } from 'node:fs';
import path from 'node:path';

/** Path of a program in the first directory of PATH that contains it; undefined when none does. */
export function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => path.join(directory, program))
    .find((file) => existsSync(file));
}

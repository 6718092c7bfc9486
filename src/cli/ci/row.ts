import path from 'node:path';
import { execa } from 'execa';
import { REPOSITORY } from '../../repository';
import { readSettings } from '../../settings';
import { UserError } from '../../user-error';
import { queueRows } from './matrix';
import type { Register } from './register';

/** Calls `phase9` as a user does; a signal to this process is passed on, and its end awaited. @returns its exit status */
export async function callPhase9(args: readonly string[], signal: AbortSignal): Promise<number> {
  const child = execa(process.execPath, [path.join(REPOSITORY, 'bin', 'phase9'), ...args], {
    cwd: REPOSITORY,
    stdio: 'inherit',
    reject: false,
    // Putting everything back may take longer than the five seconds after which execa would kill.
    forceKillAfterDelay: false,
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  const { exitCode } = await child;
  return exitCode ?? 1;
}

export const registerRow: Register = (ci, action) => {
  ci.command('row')
    .description('run the row that PHASE9_ROW names, with the profile ci; further arguments go to cucumber-js')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption('--help', 'show this help')
    .addHelpText('after', '\nExample: PHASE9_ROW=AQ-053 npm run ci:row\nExit status: as of `phase9 run`.')
    .action((args: string[]) =>
      action('row', async (signal) => {
        const { row } = readSettings();
        const rows = queueRows();
        if (!rows.includes(row)) {
          throw new UserError(`PHASE9_ROW ${row === '' ? 'names no row' : `is ${row}`}; there are: ${rows.join(', ')}`);
        }
        process.exitCode = await callPhase9(['run', '--profile', 'ci', '--tags', `@${row}`, ...args], signal);
      }),
    );
};

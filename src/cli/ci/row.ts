import { inRepository, REPOSITORY } from '../../repository';
import { readSettings } from '../../settings';
import { UserError } from '../../user-error';
import { runInForeground } from '../program';
import { queueRows } from './matrix';
import type { Register } from './register';

/** Calls `phase9` as a user does. @returns its exit status */
export async function callPhase9(args: readonly string[], signal: AbortSignal): Promise<number> {
  const { exitCode } = await runInForeground([inRepository('bin/phase9'), ...args], { cwd: REPOSITORY }, signal);
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

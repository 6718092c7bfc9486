import path from 'node:path';
import { inRepository, REPOSITORY } from '../../repository';
import { newRunName, reportsDirectory } from '../../run-context';
import { readSettings } from '../../settings';
import { loadKnownFailures } from '../../spec/known-failures';
import { UserError } from '../../user-error';
import { runInForeground } from '../program';
import { addToSummary, annotate } from './github';
import { queueRows } from './matrix';
import type { Register } from './register';
import { annotationsOf, readEnded, summaryOf } from './run-report';

/** Calls `phase9` as a user does. @returns its exit status */
export async function callPhase9(
  args: readonly string[],
  signal: AbortSignal,
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const { exitCode } = await runInForeground([inRepository('bin/phase9'), ...args], { cwd: REPOSITORY, env }, signal);
  return exitCode ?? 1;
}

/** Runs features, and tells the job what is red: its summary, and an annotation at each line. @returns the exit status of the run */
async function runInJob(subject: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  const run = process.env.PHASE9_RUN || newRunName();
  const exit = await callPhase9(['run', ...args], signal, { PHASE9_RUN: run });
  const ended = readEnded(subject, exit, path.join(reportsDirectory(), run));
  const known = loadKnownFailures();
  annotate(annotationsOf(ended, known));
  addToSummary(summaryOf(ended, known));
  return exit;
}

const IN_A_JOB =
  '\nIn a job of GitHub the run becomes its summary ($GITHUB_STEP_SUMMARY), and each red assertion an annotation.\nExit status: as of `phase9 run`.';

export const registerRow: Register = (ci, action) => {
  ci.command('row')
    .description('run the row that PHASE9_ROW names, with the profile ci; further arguments go to cucumber-js')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption('--help', 'show this help')
    .addHelpText('after', `\nExample: PHASE9_ROW=AQ-053 npm run ci:row${IN_A_JOB}`)
    .action((args: string[]) =>
      action('row', async (signal) => {
        const { row } = readSettings();
        const rows = queueRows();
        if (!rows.includes(row)) {
          throw new UserError(`PHASE9_ROW ${row === '' ? 'names no row' : `is ${row}`}; there are: ${rows.join(', ')}`);
        }
        process.exitCode = await runInJob(row, ['--profile', 'ci', '--tags', `@${row}`, ...args], signal);
      }),
    );
};

export const registerLive: Register = (ci, action) => {
  ci.command('live')
    .description('run all rows on the product, red for what is not known; further arguments go to cucumber-js')
    .argument('[arguments...]')
    .allowUnknownOption()
    .helpOption('--help', 'show this help')
    .addHelpText('after', IN_A_JOB)
    .action((args: string[]) =>
      action('live', async (signal) => {
        const usual = ['--known-failures', 'pass', '--profile', 'live', '--tags', 'not @audit'];
        process.exitCode = await runInJob('The product', [...usual, ...args], signal);
      }),
    );
};

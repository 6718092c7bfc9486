import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import { inRepository } from '../repository';
import { EXIT } from '../run/exit';
import { summarySchema } from '../run/summary';
import { runContext } from '../run-context';
import { readSettings } from '../settings';
import { UserError } from '../user-error';
import { runInForeground } from './program';
import { runAction } from './run-action';

const cucumber = inRepository('node_modules/@cucumber/cucumber/bin/cucumber.js');

/** The exit code in a run's summary; undefined when there is no summary. */
function exitOf(reports: string): number | undefined {
  try {
    return summarySchema.parse(JSON.parse(readFileSync(path.join(reports, 'summary.json'), 'utf8'))).exit;
  } catch {
    return undefined;
  }
}

/** A run writes its plan before its first scenario; without a plan it was stopped before it staged anything. */
function hasBegun(reports: string): boolean {
  return existsSync(path.join(reports, 'run.json'));
}

export function registerRun(program: Command): void {
  program
    .command('run')
    .description('run features; arguments are those of cucumber-js, such as --tags @AQ-050 or --parallel 2')
    .argument('[arguments...]', 'passed on to cucumber-js')
    .addOption(
      new Option(
        '--known-failures <end>',
        'how a run ends in which the failures of audit/known-failures.yaml are all that is red: with 1 (fail) or 0 (pass)',
      ).choices(['fail', 'pass']),
    )
    .allowUnknownOption()
    .helpOption('--help', 'show this help')
    .addHelpText(
      'after',
      `
Examples:
  phase9 run --tags @AQ-050
  phase9 run --tags @AQ-050 --parallel 2
  phase9 run --known-failures pass                (red only for what audit/known-failures.yaml does not list)
  phase9 run --profile live --tags @AQ-050        (a real NemoClaw: NEMOCLAW_ROOT, or nemoclaw and openshell on PATH)

Exit status: 0 every assertion passed; 1 one failed or was not run (where all of them are known failures,
as --known-failures says); 2 bad input or environment, nothing was staged; 3 something could not be restored (phase9 restore tries again); 130 interrupted, everything is restored.`,
    )
    .action((args: string[], { knownFailures }: { readonly knownFailures?: 'fail' | 'pass' }) =>
      runAction('run', async (signal) => {
        readSettings();
        const { run, reports } = runContext();
        const options = {
          env: { PHASE9_RUN: run, ...(knownFailures !== undefined && { PHASE9_KNOWN_FAILURES: knownFailures }) },
        };
        const { exitCode, killedBy } = await runInForeground([cucumber, ...args], options, signal);
        const exit = exitOf(reports);
        if (exit !== undefined) {
          process.exitCode = exit === EXIT.passed && exitCode !== 0 ? EXIT.failed : exit;
        } else if (hasBegun(reports)) {
          throw new UserError(
            `the run ${run} ended prematurely (${killedBy ?? `exit status ${exitCode}`}): \`npx phase9 restore\` restores what it changed, \`npx phase9 report ${run}\` shows its verdicts so far`,
            EXIT.restoreIncomplete,
          );
        } else if (exitCode !== 0) {
          rmSync(reports, { recursive: true, force: true });
          process.exitCode = signal.aborted ? EXIT.interrupted : EXIT.badInput;
        }
      }),
    );
}

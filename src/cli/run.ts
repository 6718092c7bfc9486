import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { execa } from 'execa';
import { inRepository } from '../repository';
import { EXIT } from '../run/exit';
import { summarySchema } from '../run/summary';
import { runContext } from '../run-context';
import { readSettings } from '../settings';
import { UserError } from '../user-error';
import { runAction } from './run-action';

const cucumber = inRepository('node_modules/@cucumber/cucumber/bin/cucumber.js');

/** The exit code that a run's summary names; undefined when the run never began. */
function exitOf(reports: string): number | undefined {
  try {
    return summarySchema.parse(JSON.parse(readFileSync(path.join(reports, 'summary.json'), 'utf8'))).exit;
  } catch {
    return undefined;
  }
}

/** A run writes its plan before its first scenario; one without was stopped before it began, and nothing was staged. */
function hasBegun(reports: string): boolean {
  return existsSync(path.join(reports, 'run.json'));
}

export function registerRun(program: Command): void {
  program
    .command('run')
    .description('run features; arguments are those of cucumber-js, such as --tags @AQ-050 or --parallel 2')
    .argument('[arguments...]', 'passed on to cucumber-js')
    .allowUnknownOption()
    .helpOption('--help', 'show this help')
    .addHelpText(
      'after',
      `
Examples:
  phase9 run --tags @AQ-050
  phase9 run --tags @AQ-050 --parallel 2
  phase9 run --profile live --tags @AQ-050        (a real NemoClaw: NEMOCLAW_ROOT, or nemoclaw and openshell on PATH)

Exit status: 0 every assertion passed; 1 one failed or was not run; 2 bad input or environment, nothing was staged;
3 something could not be put back (phase9 restore tries again); 130 interrupted, everything is back.`,
    )
    .action((args: string[]) =>
      runAction('run', async (signal) => {
        readSettings();
        const { run, reports } = runContext();
        const child = execa(process.execPath, [cucumber, ...args], {
          stdio: 'inherit',
          reject: false,
          // Putting everything back may take longer than the five seconds after which execa would kill.
          forceKillAfterDelay: false,
          env: { PHASE9_RUN: run },
        });
        // A terminal sends Ctrl-C to the whole group; a signal to this process alone is passed on. Either way its end is awaited.
        signal.addEventListener('abort', () => child.kill('SIGTERM'));
        const { exitCode, signal: killedBy } = await child;
        const exit = exitOf(reports);
        if (exit !== undefined) {
          process.exitCode = exit === EXIT.passed && exitCode !== 0 ? EXIT.failed : exit;
        } else if (hasBegun(reports)) {
          throw new UserError(
            `the run ${run} ended before its time (${killedBy ?? `exit status ${exitCode}`}): \`npx phase9 restore\` puts back what it left, \`npx phase9 report ${run}\` shows what it had found`,
            EXIT.restoreIncomplete,
          );
        } else if (exitCode !== 0) {
          rmSync(reports, { recursive: true, force: true });
          process.exitCode = signal.aborted ? EXIT.interrupted : EXIT.badInput;
        }
      }),
    );
}

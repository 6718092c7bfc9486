import type { Command } from 'commander';
import { EXIT } from '../run/exit';
import { runContext } from '../run-context';
import { Journal } from '../world/obligations/journal';
import { isUnderWay, restoreDead } from '../world/obligations/recovery';
import { runAction } from './run-action';

/** Scenarios of this machine that are under way: they restore their changes themselves. */
function underWay(directory: string): string[] {
  return Journal.filesIn(directory).flatMap((file) => {
    try {
      const journal = Journal.read(file);
      return isUnderWay(journal) ? [`${journal.scenario} of the run ${journal.run} (pid ${journal.owner?.pid})`] : [];
    } catch {
      return []; // reported by the restore itself
    }
  });
}

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .description('restore what dead runs changed; runs that are under way are left alone')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExit status: 0 everything is restored, 3 something could not be restored; stderr names it, with the reason.',
    )
    .action((options: { json?: boolean }) =>
      runAction('restore', async () => {
        const { journals } = runContext();
        const restored = await restoreDead(journals);
        const leftAlone = underWay(journals);
        const failed = restored.flatMap((one) => one.failed);
        if (options.json) process.stdout.write(`${JSON.stringify({ restored, leftAlone }, null, 2)}\n`);
        else {
          for (const { run, scenario, done } of restored) {
            process.stdout.write(`${scenario} of the run ${run}:\n${done.map((one) => `  ${one}\n`).join('')}`);
          }
          for (const one of leftAlone) process.stdout.write(`left alone, still running: ${one}\n`);
          for (const one of failed) process.stderr.write(`could not be restored: ${one}\n`);
          if (restored.length === 0) process.stdout.write('nothing to restore\n');
        }
        process.exitCode = failed.length > 0 ? EXIT.restoreIncomplete : EXIT.passed;
      }),
    );
}

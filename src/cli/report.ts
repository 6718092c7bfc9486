import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { writeBundle } from '../evidence/bundle';
import { EXIT } from '../evidence/exit';
import { readRecords } from '../evidence/record';
import { verdictLine } from '../evidence/verdict-lines';
import { CommandProblem, runAction } from '../problem';
import { reportsDirectory } from '../run-context';

export function registerReport(program: Command): void {
  program
    .command('report')
    .description("rebuild a run's bundle from the records on disk, and list its verdicts")
    .argument('[run]', "the run's name or directory", 'latest')
    .option('--json', 'print the bundle instead')
    .addHelpText(
      'after',
      '\nExit status: 0 the bundle says PASSED or WARNED, 1 it says FAILED, 2 there is no such run.',
    )
    .action((run: string, options: { json?: boolean }) =>
      runAction('report', async () => {
        const directory = existsSync(path.join(run, 'run.json'))
          ? path.resolve(run)
          : path.join(reportsDirectory(), run);
        if (!existsSync(path.join(directory, 'run.json'))) {
          throw new CommandProblem(
            `no run in ${directory}: give the name of a directory under ${reportsDirectory()}, or a path`,
          );
        }
        const { bundle, file, sha256 } = writeBundle(directory);
        if (options.json) process.stdout.write(`${JSON.stringify(bundle, null, 2)}\n`);
        else {
          for (const { record } of readRecords(directory)) process.stdout.write(`${verdictLine(directory, record)}\n`);
          for (const { id, scenario } of bundle.predicate['phase9/v1'].missing) {
            process.stdout.write(`MISSING: ${id} (owed by ${scenario})\n`);
          }
          process.stdout.write(`${bundle.predicate.result}: ${path.relative(process.cwd(), file)} sha256 ${sha256}\n`);
        }
        process.exitCode = bundle.predicate.result === 'FAILED' ? EXIT.failed : EXIT.passed;
      }),
    );
}

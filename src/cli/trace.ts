import type { Command } from 'commander';
import { UserError } from '../user-error';
import { runAction } from './run-action';

export function registerTrace(program: Command): void {
  program
    .command('trace')
    .description('show which step of which feature makes which assertion of the ledger')
    .option('--json', 'print one JSON object')
    .option('--row <row>', 'only this row, such as AQ-050')
    .addHelpText('after', '\nRuns nothing. The assertions of the ledger that no feature makes yet come last.')
    .action((options: { json?: boolean; row?: string }) =>
      runAction('trace', async () => {
        // Loads Cucumber and every step definition: only for this command.
        const { specification } =
          require('../audit-input/specification') as typeof import('../audit-input/specification');
        const all = await specification();
        const { row } = options;
        if (row !== undefined && !Object.hasOwn(all.notMade, row)) {
          throw new UserError(`the ledger has no row ${row}; there are: ${Object.keys(all.notMade).join(', ')}`);
        }
        const steps = all.steps.filter((step) => row === undefined || step.row === row);
        const notMade = Object.fromEntries(
          Object.entries(all.notMade).filter(([name]) => row === undefined || name === row),
        );
        if (options.json) {
          process.stdout.write(`${JSON.stringify({ steps, notMade }, null, 2)}\n`);
          return;
        }
        for (const step of steps) {
          const variant = step.variant === null ? '' : ` [${step.variant}]`;
          process.stdout.write(`${step.row}  ${step.id}${variant}\n`);
          process.stdout.write(`  feature  ${step.feature}  ${step.step}\n`);
          process.stdout.write(`  step     ${step.definition}\n`);
          process.stdout.write(
            `  ledger   ${step.boundary}, ${step.level}: ${step.observe}\n           expected: ${step.expect}\n`,
          );
        }
        for (const [name, ids] of Object.entries(notMade)) {
          if (ids.length > 0) process.stdout.write(`${name}  not made yet: ${ids.join(', ')}\n`);
        }
      }),
    );
}

import { type Command, Option } from 'commander';
import type { NamedContract } from '../audit/submission';
import type { Specification } from '../audit-input/specification';
import { reportsMarkdown, reportsText } from '../report/public-reports';
import { loadLedger } from '../spec/ledger';
import { loadPublicReports, seenReports } from '../spec/public-reports';
import { UserError } from '../user-error';
import { runAction } from './run-action';

interface Options {
  readonly json?: true;
  readonly row?: string;
  readonly contracts?: true;
  readonly reports?: true;
  readonly markdown?: true;
}

export function registerTrace(program: Command): void {
  program
    .command('trace')
    .description('show which step of which feature makes which assertion of the ledger')
    .option('--contracts', 'print each contract with all that follows from its features and the ledger, instead')
    .option('--reports', 'print each public report with the assertions that would have shown its defect, instead')
    .option('--json', 'print one JSON object')
    .addOption(new Option('--markdown', 'print the reports as the page docs/reports.md').conflicts('json'))
    .option('--row <row>', 'only this row, such as AQ-050')
    .addHelpText('after', '\nRuns nothing. The assertions of the ledger that no feature makes yet come last.')
    .action((options: Options) =>
      runAction('trace', async () => {
        const { row } = options;
        if (options.markdown && !options.reports) throw new UserError('--markdown prints reports: name --reports, too');
        if (options.reports) return printReports(options, row);
        // Loads Cucumber and every step definition: only for this command.
        const { specification, specifiedStep } =
          require('../audit-input/specification') as typeof import('../audit-input/specification');
        checkRow(row);
        const all = await specification();
        if (options.contracts) {
          const { loadContracts } = require('../audit-input/repository') as typeof import('../audit-input/repository');
          const contracts = loadContracts(all.steps.map(specifiedStep));
          return printContracts(
            contracts.filter(({ contract }) => row === undefined || contract.rows.includes(row)),
            options.json === true,
          );
        }
        printSteps(ofRow(all, row), options.json === true);
      }),
    );
}

/** @throws UserError when the ledger has no such row. */
function checkRow(row: string | undefined): void {
  const { rows } = loadLedger();
  if (row === undefined || Object.hasOwn(rows, row)) return;
  throw new UserError(`the ledger has no row ${row}; there are: ${Object.keys(rows).join(', ')}`);
}

function printReports({ json, markdown }: Options, row: string | undefined): void {
  checkRow(row);
  const reports = seenReports(loadPublicReports(), loadLedger()).filter(
    ({ rows }) => row === undefined || rows.includes(row),
  );
  if (json) print(JSON.stringify(reports, null, 2));
  else for (const line of markdown ? reportsMarkdown(reports) : reportsText(reports)) print(line);
}

function ofRow({ steps, notMade }: Specification, row: string | undefined): Specification {
  return {
    steps: steps.filter((step) => row === undefined || step.row === row),
    notMade: Object.fromEntries(Object.entries(notMade).filter(([name]) => row === undefined || name === row)),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printSteps({ steps, notMade }: Specification, json: boolean): void {
  if (json) {
    print(JSON.stringify({ steps, notMade }, null, 2));
    return;
  }
  for (const step of steps) {
    print(`${step.row}  ${step.id}${step.variant === null ? '' : ` [${step.variant}]`}`);
    print(`  feature  ${step.feature}  ${step.step}`);
    print(`  step     ${step.definition}`);
    print(`  ledger   ${step.boundary}, ${step.level}: ${step.observe}`);
    print(`           expected: ${step.expect}`);
    if (step.mayChange.length > 0) print(`           may change: ${step.mayChange.join(', ')}`);
    if (step.reports.length > 0) print(`  reports  ${step.reports.join(', ')}`);
  }
  for (const [name, ids] of Object.entries(notMade)) {
    if (ids.length > 0) print(`${name}  not made yet: ${ids.join(', ')}`);
  }
}

function printContracts(contracts: readonly NamedContract[], json: boolean): void {
  if (json) {
    print(JSON.stringify(contracts, null, 2));
    return;
  }
  for (const { file, contract } of contracts) {
    const manifest = 'none' in contract.manifest ? 'none' : [contract.manifest.name].flat().join(', ');
    print(`${file}  ${contract.kind}, manifest ${manifest}`);
    print(`  rows        ${contract.rows.join(', ')}`);
    print(`  features    ${contract.features.join(', ')}`);
    print(`  fixtures    ${contract.fixtures.map(({ name }) => name).join(', ')}`);
    print(`  boundaries  ${contract.boundaries.join(', ')}`);
    print(`  legacy      ${contract.legacy.join(', ') || 'none'}`);
    for (const id of contract.assertions) print(`  assertion   ${id}`);
  }
}

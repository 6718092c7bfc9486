import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { compareRuns, type GivenSide } from '../audit/compare/compare';
import type { Within } from '../audit/compare/side';
import { findBundles, readSubmission } from '../audit-input/bundles';
import { comparisonMarkdown } from '../report/comparison/markdown';
import { comparisonHtml } from '../report/comparison/page';
import { EXIT } from '../run/exit';
import { reportsDirectory } from '../run-context';
import { loadKnownFailures } from '../spec/known-failures';
import { loadLedger } from '../spec/ledger';
import { UserError } from '../user-error';
import { writeOrRefuse } from './audit/reports';
import { printComparison } from './compare-print';
import { listOfRows } from './rows';
import { runAction } from './run-action';

interface Options {
  readonly rows?: readonly string[];
  readonly json?: true;
  /** The file; true for the one in the directory of reports. */
  readonly html?: string | true;
  readonly markdown?: string | true;
}

/** Adds `phase9 compare`. */
export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description(
      'compare two runs, of one release or of two: what turned red or green, what is missing, what is slower',
    )
    .argument('<a>', "before: a run's name or directory, a bundle.json, or a directory of several runs")
    .argument('<b>', 'after: the same')
    .option('--rows <rows>', 'only these rows, such as AQ-050,AQ-051; all without it', listOfRows)
    .option('--json', 'print the comparison as one JSON object')
    .option(
      '--html [file]',
      'write it as one self-contained page (default: comparison.html in the directory of reports)',
    )
    .option('--markdown [file]', 'write it for the summary of a CI job (default: comparison.md there)')
    .addHelpText(
      'after',
      `
Examples:
  phase9 compare 20261125-092810-full latest
  phase9 compare runs-of-0.0.53/ runs-of-0.0.54/ --html comparison.html
  phase9 compare before/bundle.json after/bundle.json --json
  phase9 compare 20261125-092810-full latest --rows AQ-050     a run of one row with that row of a whole run

With several runs a side, the worst verdict of an assertion counts, and the noise of a time is the spread of the side's own runs;
with one run it is 20 % and at least 2 s. Known failures of a release are in audit/known-failures.yaml.
Exit status: 0 nothing is newly red; 1 something is red on side B and was not on side A, or is missing there; 2 bad input.`,
    )
    .action((a: string, b: string, options: Options) =>
      runAction('compare', async () => {
        const within = options.rows && withinRows(options.rows);
        const comparison = compareRuns(sideOf(a, within), sideOf(b, within), loadKnownFailures(), within);
        // With --json, stdout is the comparison alone.
        const print = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
        if (options.json) process.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`);
        else printComparison(comparison, print);
        for (const [given, usual, render] of [
          [options.html, 'comparison.html', comparisonHtml],
          [options.markdown, 'comparison.md', comparisonMarkdown],
        ] as const) {
          if (given === undefined) continue;
          const file = given === true ? path.join(reportsDirectory(), usual) : given;
          writeOrRefuse(file, () => writeFileSync(file, render(comparison)));
          print(path.relative(process.cwd(), file));
        }
        process.exitCode = comparison.worse > 0 ? EXIT.failed : EXIT.passed;
      }),
    );
}

/** The assertions of some rows: where no record says the row of one, the ledger does. */
function withinRows(rows: readonly string[]): Within {
  const { byId } = loadLedger();
  return ({ id, row }) => rows.includes(row ?? byId.get(id)?.row ?? '');
}

/** The runs that a user names. A run without assertions, such as an audit of another run's evidence, is left out. */
function sideOf(given: string, within: Within = () => true): GivenSide {
  const named = path.join(reportsDirectory(), given);
  const place = existsSync(given) ? given : named;
  if (!existsSync(place)) {
    throw new UserError(
      `${given}: no such run, bundle or directory; neither ${path.resolve(given)} nor ${named} is there`,
    );
  }
  const runs = findBundles(place).map((file) => readSubmission(file, 'whole'));
  const judged = runs.filter(({ bundle }) => {
    const { records, missing } = bundle.predicate['phase9/v1'];
    return records.some(within) || missing.some((one) => within({ ...one, row: null }));
  });
  if (judged.length === 0) {
    throw new UserError(`${given}: no run there has assertions that are asked for, so there is nothing to compare`);
  }
  return { name: given, runs: judged };
}

import path from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { audit } from '../audit/audit';
import { loadAudit } from '../audit-input/load';
import { type Bundle, writeBundle } from '../evidence/bundle';
import { readRecords } from '../evidence/record';
import { RUN_JUNIT, writeRunJunit } from '../report/run-junit';
import { EXIT } from '../run/exit';
import { verdictLine } from '../run/verdict-lines';
import { type KnownFailure, loadKnownFailures } from '../spec/known-failures';
import { ledgerEntry } from '../spec/ledger';
import { UserError } from '../user-error';
import { type ReportFiles, writeOrRefuse, writeReports } from './audit/reports';
import { presentSensitivity } from './audit/sensitivity';
import { writeProductPage } from './product-page';
import { runAction } from './run-action';
import { directoryOf } from './run-directory';

interface Options {
  readonly json?: true;
  /** The file; true for the one in the run's directory. */
  readonly html?: string | true;
  readonly junit?: string | true;
  readonly markdown?: string | true;
  readonly productPage?: string;
  readonly environment?: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description("rebuild a run's bundle from the records on disk, list its verdicts, and write reports of it")
    .argument(
      '[runs...]',
      'names or directories of runs; the latest when none is given, and several only for --product-page',
    )
    .option('--json', 'print the bundle instead')
    .option('--html [file]', 'the audit of the run’s rows as one self-contained page (default: audit.html in the run)')
    .option('--markdown [file]', 'the same, short, for the summary of a CI job (default: audit.md in the run)')
    .option('--junit [file]', `a testcase for each assertion (default: ${RUN_JUNIT} in the run)`)
    .option(
      '--product-page <file>',
      'what the runs showed of one release of a product, row by row, as a page in Markdown',
    )
    .option('--environment <file>', 'what is particular to the machine of those runs, for that page')
    .addHelpText(
      'after',
      `
Examples:
  phase9 report latest --html                     writes reports/latest/audit.html
  phase9 report latest --markdown "$GITHUB_STEP_SUMMARY"
  phase9 report RUN RUN --product-page docs/product-v0.0.53.md --environment audit/environment-2026-11.yaml

For several runs in one page: phase9 audit RUN… --html FILE.
Exit status: 0 the bundle's result is PASSED or WARNED, or the product's page is written; 1 the result is FAILED; 2 there is no such run.`,
    )
    .action((given: string[], options: Options) =>
      runAction('report', async () => {
        const [first = 'latest', ...others] = given;
        const known = loadKnownFailures();
        if (options.productPage !== undefined) {
          const directories = [first, ...others].map(directoryOf);
          writeProductPage(options.productPage, directories, known, options.environment);
          process.stdout.write(`${path.relative(process.cwd(), options.productPage)}\n`);
          return;
        }
        if (others.length > 0) throw new UserError('several runs go into --product-page only; see also `phase9 audit`');
        const directory = directoryOf(first);
        const { bundle, file, sha256 } = bundled(directory);
        // With --json, stdout is the bundle alone.
        const print = (line: string) => (options.json ? process.stderr : process.stdout).write(`${line}\n`);
        if (options.json) process.stdout.write(`${JSON.stringify(bundle, null, 2)}\n`);
        else printVerdicts(directory, bundle, known, print);
        for (const one of await writeAll(directory, bundle, known, options)) print(path.relative(process.cwd(), one));
        if (!options.json) print(`${bundle.predicate.result}: ${path.relative(process.cwd(), file)} sha256 ${sha256}`);
        process.exitCode = bundle.predicate.result === 'FAILED' ? EXIT.failed : EXIT.passed;
      }),
    );
}

/** @throws UserError when the directory was not written by this version of the suite. */
function bundled(directory: string): ReturnType<typeof writeBundle> {
  try {
    return writeBundle(directory);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof SyntaxError) throw new UserError(`${directory} has no whole run: run.json is not whole JSON`);
    const { code, path: file } = error as NodeJS.ErrnoException;
    if (code !== undefined) throw new UserError(`${file ?? directory} cannot be read or written (${code})`);
    if (!(error instanceof z.ZodError)) throw error;
    throw new UserError(`${directory} has no run of this version: ${z.prettifyError(error)}`);
  }
}

function printVerdicts(
  directory: string,
  bundle: Bundle,
  known: readonly KnownFailure[],
  print: (line: string) => void,
): void {
  for (const { record } of readRecords(directory)) print(verdictLine(directory, record, known));
  for (const { id, scenario } of bundle.predicate['phase9/v1'].missing)
    print(`MISSING: ${id} (planned in ${scenario})`);
}

/** Writes the reports that the options name. @returns the files. */
async function writeAll(
  directory: string,
  bundle: Bundle,
  known: readonly KnownFailure[],
  { html, markdown, junit }: Options,
): Promise<string[]> {
  const at = (given: string | true | undefined, usual: string) =>
    given === true ? path.join(directory, usual) : given;
  const written: string[] = [];
  const cases = at(junit, RUN_JUNIT);
  if (cases !== undefined) {
    writeOrRefuse(cases, () => writeRunJunit(directory, bundle, known, cases));
    written.push(cases);
  }
  const files: ReportFiles = { html: at(html, 'audit.html'), markdown: at(markdown, 'audit.md') };
  if (files.html === undefined && files.markdown === undefined) return written;
  // Loads Cucumber and every step definition: only when an audit is made.
  const { specifiedSteps } = require('../audit-input/specification') as typeof import('../audit-input/specification');
  const input = await loadAudit({
    paths: [directory],
    rows: rowsOf(bundle),
    kinds: [],
    now: new Date(),
    specification: await specifiedSteps(),
    keep: 'whole',
  });
  return [
    ...written,
    ...writeReports({ input, result: audit(input), known, sensitivity: presentSensitivity() }, files),
  ];
}

/** The rows that a run was about: it leaves no other row unresolved. */
function rowsOf(bundle: Bundle): string[] {
  const { records, missing } = bundle.predicate['phase9/v1'];
  const rows = [...records.map(({ row }) => row), ...missing.map(({ id }) => ledgerEntry(id).row)];
  return [...new Set(rows)];
}

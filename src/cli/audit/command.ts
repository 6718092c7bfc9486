import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { audit } from '../../audit/audit';
import { mergeBundles } from '../../audit/merge';
import { releaseFaults } from '../../audit/release';
import { type SutKind, sutKinds } from '../../audit/work-queue';
import { hasBundles } from '../../audit-input/bundles';
import { loadAudit } from '../../audit-input/load';
import { loadTrust, type Trust } from '../../audit-input/trust';
import { EXIT } from '../../run/exit';
import { reportsDirectory } from '../../run-context';
import { loadKnownFailures } from '../../spec/known-failures';
import { UserError } from '../../user-error';
import { listOfRows } from '../rows';
import { runAction } from '../run-action';
import { printAudit, printRelease } from './print';
import { type ReportFiles, writeOrRefuse, writeReports } from './reports';
import { presentSensitivity } from './sensitivity';
import { updateQueue } from './update';

interface Options extends ReportFiles {
  readonly rows: readonly string[];
  readonly sut: readonly SutKind[];
  readonly json?: true;
  readonly update?: true;
  readonly merge?: string;
  readonly release?: true;
  readonly orNone?: true;
  readonly requireSignature?: true;
  readonly trust?: string;
}

function listOfKinds(value: string): SutKind[] {
  const kinds = value.split(',').map((one) => one.trim());
  const known = (one: string): one is SutKind => (sutKinds as readonly string[]).includes(one);
  if (!kinds.every(known)) throw new InvalidArgumentError(`give ${sutKinds.join(', ')}`);
  return kinds;
}

/** @throws UserError when only one of the two options is given, or the file is malformed. */
function trustOf({ requireSignature, trust }: Options): Trust | undefined {
  if (requireSignature && trust === undefined)
    throw new UserError('--require-signature needs --trust FILE: who may sign');
  if (!requireSignature && trust !== undefined) throw new UserError('--trust does nothing without --require-signature');
  return trust === undefined ? undefined : loadTrust(trust);
}

export function registerAudit(program: Command): void {
  program
    .command('audit')
    .description('judge the evidence of runs by the nine gates and the phase gate, row by row')
    .argument('[bundles...]', 'bundle.json files, runs, or directories of runs; the latest run when none is given')
    .option('--rows <rows>', 'only these rows, such as AQ-050,AQ-051', listOfRows, [])
    .option(
      '--sut <kinds>',
      'only these kinds of system under test (reference, product); those of the bundles otherwise',
      listOfKinds,
      [],
    )
    .option('--json', 'print the result as one JSON object')
    .option(
      '--release',
      'also want for each row what a release needs: a proof for each assertion, no hole, no false red',
    )
    .option('--or-none', 'where no bundle is, judge that instead of refusing: every row is unresolved')
    .option('--require-signature', 'refuse bundles about a product that nobody trusted signed; see `phase9 sign`')
    .option('--trust <file>', 'whose signatures count: YAML with names and public keys')
    .option('--merge <file>', 'write the bundles, merged into one statement')
    .option('--html <file>', 'write the result, with all its evidence, as one self-contained page')
    .option('--junit <file>', 'write the result as JUnit, a testcase for each assertion')
    .option('--markdown <file>', 'write the result as Markdown, for the summary of a CI job')
    .option('--update', 'write the rows’ status into audit/work-queue.yaml')
    .addHelpText(
      'after',
      `
Examples:
  phase9 audit                                    the latest run, all rows
  phase9 audit reports/a reports/b --rows AQ-053  two runs, one row
  phase9 audit artifacts/ --merge merged.json     every run below a directory
  phase9 audit RUN --require-signature --trust signers.yaml

Exit status: 0 every asked row is evidence-complete (with --release: and fit for one), 1 one is not, 2 bad input.`,
    )
    .action((bundles: string[], options: Options) =>
      runAction('audit', async () => {
        // Loads Cucumber and every step definition: only when an audit is made.
        const { specifiedSteps } =
          require('../../audit-input/specification') as typeof import('../../audit-input/specification');
        const named = bundles.length > 0 ? bundles : [path.join(reportsDirectory(), 'latest')];
        const paths = options.orNone ? named.filter(hasBundles) : named;
        const trust = trustOf(options);
        const input = await loadAudit({
          paths,
          rows: options.rows,
          // Of no bundle at all no kind is present: then each is asked for, and none is complete.
          kinds: options.sut.length === 0 && paths.length === 0 ? sutKinds : options.sut,
          now: new Date(),
          specification: await specifiedSteps(),
          keep: options.html === undefined && options.junit === undefined ? 'for-audit' : 'whole',
          ...(trust && { trust }),
        });
        const result = audit(input);
        const known = loadKnownFailures();
        if (options.merge !== undefined) {
          const { merge } = options;
          const merged = `${JSON.stringify(mergeBundles(input.submissions), null, 2)}\n`;
          writeOrRefuse(merge, () => writeFileAtomic.sync(merge, merged));
        }
        if (options.update) updateQueue(result);
        const sensitivity = presentSensitivity();
        const release = releaseFaults(result, sensitivity);
        writeReports({ input, result, known, sensitivity }, options);
        if (options.json) process.stdout.write(`${JSON.stringify({ ...result, release }, null, 2)}\n`);
        else {
          const printLine = (line: string): void => void process.stdout.write(`${line}\n`);
          printAudit(result, printLine, known);
          printRelease(release, options.release === true, printLine);
        }
        const fit = options.release === undefined || release.length === 0;
        process.exitCode = result.complete && fit ? EXIT.passed : EXIT.failed;
      }),
    );
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { findBundles, readSubmission } from '../audit-input/bundles';
import { faultsBeside } from '../audit-input/faults';
import { readSignature } from '../audit-input/signature';
import { loadTrust, type Trust } from '../audit-input/trust';
import { visible } from '../report/markup';
import { plural } from '../report/words';
import { EXIT } from '../run/exit';
import { reportsDirectory } from '../run-context';
import { runAction } from './run-action';

/** Adds `phase9 verify`. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('check that somebody trusted signed bundles, and that everything they list is as it was signed')
    .argument('<runs...>', 'names or directories of runs, bundle.json files, or directories of runs')
    .requiredOption('--trust <file>', 'who may sign for which kind of system: YAML with names and public keys')
    .addHelpText(
      'after',
      `
The trust file:
  product:                    and the same for reference:
    - name: release QA
      key: |
        -----BEGIN PUBLIC KEY-----
        ...
        -----END PUBLIC KEY-----

Exit status: 0 every bundle is signed and as it was signed, 1 one is not, 2 bad input.`,
    )
    .action((runs: string[], { trust: trustFile }: { trust: string }) =>
      runAction('verify', async () => {
        const trust = loadTrust(trustFile);
        const bundles = runs.flatMap((run) => findBundles(existsSync(run) ? run : path.join(reportsDirectory(), run)));
        const verified = [...new Set(bundles)].map((file) => printVerified(file, trust));
        process.exitCode = verified.every((good) => good) ? EXIT.passed : EXIT.failed;
      }),
    );
}

/** Prints who signed a bundle, or everything that is wrong with it. @returns whether nothing is. */
function printVerified(file: string, trust: Trust): boolean {
  const submission = readSubmission(file, 'for-audit');
  const { where, bundle, records } = submission;
  const { sut, files = [] } = bundle.predicate['phase9/v1'];
  const signature = readSignature(file, submission, trust);
  const wrong = [...('problem' in signature ? [signature.problem] : []), ...faultsBeside(submission)];
  const by = 'by' in signature ? signature.by.join(', ') : '';
  const content = `${plural(records.length, 'record')} and ${plural(files.length, 'further file')}`;
  const lines =
    wrong.length > 0
      ? wrong.map((one) => `FAIL: ${where}: ${one}`)
      : [`PASS: ${where}: signed by ${by} (${sut.kind}); ${content} as they were signed`];
  // Names and paths come from evidence: they must not move the cursor or begin a line.
  for (const line of lines) process.stdout.write(`${visible(line)}\n`);
  return wrong.length === 0;
}

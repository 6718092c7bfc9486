import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Bundle } from '../evidence/bundle';
import { secretLine } from '../secrets/scan';
import { colour } from './colour';
import { EXIT } from './exit';
import type { SecretScan } from './secret-scan';

export const summarySchema = z.strictObject({
  run: z.string(),
  exit: z.number(),
  verdicts: z.strictObject({ passed: z.number(), failed: z.number(), notApplicable: z.number(), notRun: z.number() }),
  /** Failed and not-run assertions of the product’s extended checks count too; the records' level distinguishes them. */
  failedTests: z.array(z.string()),
  wallMs: z.number(),
  scenarioMs: z.number(),
  /** The part of the scenarios’ time that was not spent in, or waiting for, the system under test. 0 to 1. */
  harnessShare: z.number(),
  restore: z.enum(['complete', 'incomplete']),
  /** Secrets found in what the run leaves behind; secrets.json lists them. */
  leaks: z.number(),
  bundle: z.string(),
  bundleSha256: z.string(),
});
export type Summary = z.infer<typeof summarySchema>;

interface Ended {
  readonly bundle: Bundle;
  readonly file: string;
  readonly sha256: string;
  readonly left: readonly string[];
  readonly secrets: SecretScan;
  readonly interrupted: boolean;
  readonly wallMs: number;
  readonly runDirectory: string;
  readonly print: (line: string) => void;
}

/** Prints the run's summary and writes summary.json beside the bundle. */
export function printSummary(ended: Ended): void {
  const { bundle, file, sha256, left, secrets, interrupted, wallMs, runDirectory, print } = ended;
  const { records, scenarios, restore, run } = bundle.predicate['phase9/v1'];
  const count = (verdict: string) => records.filter((one) => one.verdict === verdict).length;
  const verdicts = {
    passed: count('passed'),
    failed: count('failed'),
    notApplicable: count('not-applicable'),
    notRun: count('not-run'),
  };
  const scenarioMs = scenarios.reduce((sum, one) => sum + one.wallMs, 0);
  const sutMs = scenarios.reduce((sum, one) => sum + one.sutMs, 0);
  const incomplete = left.length > 0 || scenarios.some((one) => one.restore === 'incomplete');
  const summary: Summary = {
    run,
    exit: incomplete
      ? EXIT.restoreIncomplete
      : interrupted
        ? EXIT.interrupted
        : bundle.predicate.result === 'FAILED' || secrets.found.length > 0
          ? EXIT.failed
          : EXIT.passed,
    verdicts,
    failedTests: [...bundle.predicate.failedTests],
    wallMs: Math.round(wallMs),
    scenarioMs,
    harnessShare: scenarioMs === 0 ? 0 : Math.max(0, scenarioMs - sutMs) / scenarioMs,
    restore: incomplete ? 'incomplete' : 'complete',
    leaks: secrets.found.length,
    bundle: path.relative(process.cwd(), file),
    bundleSha256: sha256,
  };
  writeFileAtomic.sync(
    path.join(runDirectory, 'summary.json'),
    `${JSON.stringify(summarySchema.parse(summary), null, 2)}\n`,
  );
  const line = (name: string, text: string) => print(`${`${name}:`.padEnd(14)}${text}`);
  print('');
  line(
    'Assertions',
    `${verdicts.passed} passed, ${verdicts.failed} failed, ${verdicts.notApplicable} not applicable, ${verdicts.notRun} not run`,
  );
  for (const one of summary.failedTests) print(colour.red(`              ${one}`));
  line(
    'Scenarios',
    `${scenarios.length} ended, ${Math.round(scenarioMs / 1000)} s in all, ${Math.round(wallMs / 1000)} s by the clock`,
  );
  line(
    'Harness',
    `${(summary.harnessShare * 100).toFixed(1)} % of the scenarios' time was not spent in the system under test`,
  );
  line(
    'Restored',
    restore === 'complete' && !incomplete
      ? 'everything'
      : incomplete
        ? colour.red('NOT everything: run `npx phase9 restore`')
        : 'all that was left open, by a scenario that did not reach its end',
  );
  line(
    'Secrets',
    secrets.found.length === 0 ? `none in ${secrets.files} files` : colour.red('FOUND, and the run has failed for it'),
  );
  for (const one of secrets.found) print(colour.red(`              ${secretLine(one)}`));
  line('System', `${bundle.subject[0]?.name}, tree sha256 ${bundle.subject[0]?.digest.sha256.slice(0, 12)}`);
  line('Evidence', path.relative(process.cwd(), runDirectory));
  line('Bundle', `${summary.bundle} sha256 ${sha256}`);
  print('');
}

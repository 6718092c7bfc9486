import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { type Bundle, writeBundle } from '../evidence/bundle';
import { readRecords } from '../evidence/record';
import { secretLine } from '../secrets/scan';
import type { KnownFailure } from '../spec/known-failures';
import type { MachineDifference } from '../sut/machine-state';
import { colour } from './colour';
import { EXIT } from './exit';
import { knownLines } from './known-lines';
import { type KnownOutcome, knownOutcome } from './known-outcome';
import { isOfRun, type Responsibility, restoreLines } from './machine-comparison';
import type { SecretScan } from './secret-scan';

const named = { id: z.string(), variant: z.string().nullable() };

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
  /** The printed words about the restore: a line, and one for each thing that is not as before. Absent in summaries of before they stood here. */
  restored: z.array(z.string()).optional(),
  /** Secrets found in what the run leaves behind; secrets.json lists them. */
  leaks: z.number(),
  bundle: z.string(),
  bundleSha256: z.string(),
  /** The three are there only for a release with known failures. Red ones that are known: */
  knownFailures: z
    .array(z.strictObject({ ...named, what: z.string(), report: z.string().nullable(), since: z.string() }))
    .optional(),
  /** Known failures that passed: to be removed from audit/known-failures.yaml. */
  turnedGreen: z.array(z.strictObject(named)).optional(),
  /** Failed ones that are not known. */
  newlyRed: z.array(z.strictObject(named)).optional(),
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
  /** The known failures of all releases. */
  readonly known?: readonly KnownFailure[];
  /** How the run ends where known failures are all that is red. */
  readonly knownFailures?: 'fail' | 'pass';
  /** What failed as Cucumber sees it. */
  readonly failedInCucumber?: readonly string[];
  /** What is not as before on the machine; absent where nobody looked. */
  readonly differences?: readonly MachineDifference[];
  readonly own?: Responsibility;
}

/**
 * Prints the run's summary, writes summary.json, and writes the bundle again, which lists summary and search for secrets by digest.
 * @returns what the summary contains
 */
export function printSummary(ended: Ended): Summary {
  const { bundle, file, sha256, left, secrets, interrupted, wallMs, runDirectory, print } = ended;
  const judged = readRecords(runDirectory).map(({ record }) => record);
  const known = knownOutcome(bundle, judged, ended.known ?? [], ended.failedInCucumber);
  const failed = bundle.predicate.result === 'FAILED' && !(ended.knownFailures === 'pass' && known.alone);
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
  const { own, differences } = ended;
  const leftByRun = own ? (differences ?? []).filter((one) => isOfRun(one, own)) : [];
  const incomplete = left.length > 0 || leftByRun.length > 0 || scenarios.some((one) => one.restore === 'incomplete');
  const [restored = '', ...notAsBefore] = restoreLines(
    { complete: restore === 'complete', registeredLeft: incomplete && leftByRun.length === 0 },
    leftByRun,
    differences,
  );
  const summary = writeSummary(runDirectory, {
    run,
    exit: incomplete
      ? EXIT.restoreIncomplete
      : interrupted
        ? EXIT.interrupted
        : failed || secrets.found.length > 0
          ? EXIT.failed
          : EXIT.passed,
    verdicts,
    failedTests: [...bundle.predicate.failedTests],
    wallMs: Math.round(wallMs),
    scenarioMs,
    harnessShare: scenarioMs === 0 ? 0 : Math.max(0, scenarioMs - sutMs) / scenarioMs,
    restore: incomplete ? 'incomplete' : 'complete',
    restored: [restored, ...notAsBefore],
    leaks: secrets.found.length,
    bundle: path.relative(process.cwd(), file),
    bundleSha256: sha256,
    ...knownFields(known),
  });
  const line = (name: string, text: string) => print(`${`${name}:`.padEnd(14)}${text}`);
  print('');
  line(
    'Assertions',
    `${verdicts.passed} passed, ${verdicts.failed} failed, ${verdicts.notApplicable} not applicable, ${verdicts.notRun} not run`,
  );
  for (const one of summary.failedTests) print(colour.red(`              ${one}`));
  for (const one of knownLines(known, bundle.predicate['phase9/v1'].sut)) print(one);
  line(
    'Scenarios',
    `${scenarios.length} ended, ${Math.round(scenarioMs / 1000)} s in all, ${Math.round(wallMs / 1000)} s by the clock`,
  );
  line(
    'Harness',
    `${(summary.harnessShare * 100).toFixed(1)} % of the scenarios' time was not spent in the system under test`,
  );
  line('Restored', incomplete ? colour.red(restored) : restored);
  for (const one of notAsBefore) print(`              ${one}`);
  line(
    'Secrets',
    secrets.found.length === 0 ? `none in ${secrets.files} files` : colour.red('FOUND, and the run has failed for it'),
  );
  for (const one of secrets.found) print(colour.red(`              ${secretLine(one)}`));
  line('System', `${bundle.subject[0]?.name}, tree sha256 ${bundle.subject[0]?.digest.sha256.slice(0, 12)}`);
  line('Evidence', path.relative(process.cwd(), runDirectory));
  line('Bundle', `${summary.bundle} sha256 ${summary.bundleSha256}`);
  print('');
  return summary;
}

/** Writes summary.json and the bundle, each of which names the other: the bundle lists the summary without this field. */
function writeSummary(runDirectory: string, summary: Summary): Summary {
  const write = (bundleSha256: string) => {
    const whole = summarySchema.parse({ ...summary, bundleSha256 });
    writeFileAtomic.sync(path.join(runDirectory, 'summary.json'), `${JSON.stringify(whole, null, 2)}\n`);
    return whole;
  };
  write(summary.bundleSha256);
  return write(writeBundle(runDirectory).sha256);
}

function knownFields({ listed, known, turnedGreen, newlyRed }: KnownOutcome): Partial<Summary> {
  if (listed === 0) return {};
  return {
    knownFailures: known.map(({ id, variant, failure: { what, report, since } }) => ({
      ...{ id, variant, what, report, since },
    })),
    turnedGreen: [...turnedGreen],
    newlyRed: [...newlyRed],
  };
}

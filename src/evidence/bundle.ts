import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { digestsBeside } from './beside';
import type { SutIdentity, Verdict } from './record';
import { readRecords, sutIdentitySchema, verdictSchema } from './record';
import { readRunPlan } from './run-plan';
import { readScenarioSummaries, scenarioSummary } from './scenario-summary';
export const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

const digestSchema = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const namedDigest = z.strictObject({ name: z.string(), digest: digestSchema });

const bundledRecordSchema = z.strictObject({
  id: z.string(),
  variant: z.string().nullable(),
  row: z.string(),
  level: z.enum(['core', 'extended']),
  verdict: verdictSchema,
  scenario: z.string(),
  /** Relative to the bundle. */
  path: z.string(),
  sha256: z.string(),
});
export type BundledRecord = z.infer<typeof bundledRecordSchema>;

/** A run's evidence as an in-toto Statement: what was tested, by what, with which result, and every record by its digest. */
export const bundleSchema = z.strictObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(namedDigest),
  predicateType: z.literal(PREDICATE_TYPE),
  predicate: z.strictObject({
    result: z.enum(['PASSED', 'WARNED', 'FAILED']),
    configuration: z.array(namedDigest),
    passedTests: z.array(z.string()),
    warnedTests: z.array(z.string()),
    failedTests: z.array(z.string()),
    /** The test-result predicate is open for extensions under names of their own. */
    'phase9/v1': z.strictObject({
      run: z.string(),
      producer: z.string(),
      profile: z.string(),
      sut: sutIdentitySchema,
      startedAt: z.iso.datetime(),
      restore: z.enum(['complete', 'incomplete']),
      records: z.array(bundledRecordSchema),
      missing: z.array(z.strictObject({ id: z.string(), variant: z.string().nullable(), scenario: z.string() })),
      scenarios: z.array(scenarioSummary),
      /** Further evidence beside the bundle. Absent in bundles of before it was listed. */
      files: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).optional(),
    }),
  }),
});
export type Bundle = z.infer<typeof bundleSchema>;

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes the bundle of a run from what lies in its directory. The same files give the same bundle, byte for byte. */
export function bundleOf(runDirectory: string): Bundle {
  const plan = readRunPlan(runDirectory);
  const records = readRecords(runDirectory).map(({ file, bytes, record }) => ({
    id: record.id,
    variant: record.variant,
    row: record.row,
    level: record.level,
    verdict: record.verdict,
    scenario: record.scenario,
    path: path.relative(runDirectory, file),
    sha256: sha256(bytes),
  }));
  const scenarios = readScenarioSummaries(runDirectory);
  const missing = plan.scenarios.flatMap((scenario) =>
    scenario.assertions
      .filter(({ id, variant }) => !records.some((one) => one.id === id && one.variant === variant))
      .map(({ id, variant }) => ({ id, variant, scenario: scenario.location })),
  );
  const ended = new Set(scenarios.map(({ scenario }) => scenario));
  const whole =
    scenarios.every(({ restore }) => restore === 'complete') &&
    plan.scenarios.every(({ location }) => ended.has(location));
  const restore = whole ? 'complete' : 'incomplete';
  const tests = testsOf(records, missing);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: subjectOf(plan.sut),
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: resultOf(tests, { scenarios, restore }),
      configuration: plan.configuration.map(({ name, sha256: digest }) => ({ name, digest: { sha256: digest } })),
      ...tests,
      'phase9/v1': {
        run: plan.run,
        producer: plan.producer,
        profile: plan.profile,
        sut: plan.sut,
        startedAt: plan.startedAt,
        restore,
        records,
        missing,
        scenarios,
        files: digestsBeside(runDirectory),
      },
    },
  };
}

/** A bundle as a run writes it. */
export function textOf(bundle: Bundle): string {
  return `${JSON.stringify(bundle, null, 2)}\n`;
}

/** Writes `bundle.json` into the run's directory. @returns the bundle and the SHA-256 of its bytes. */
export function writeBundle(runDirectory: string): {
  readonly bundle: Bundle;
  readonly file: string;
  readonly sha256: string;
} {
  const bundle = bundleOf(runDirectory);
  const file = path.join(runDirectory, 'bundle.json');
  writeFileAtomic.sync(file, textOf(bundle));
  return { bundle, file, sha256: sha256(readFileSync(file)) };
}

type Predicate = Bundle['predicate'];

type Extension = Predicate['phase9/v1'];

/** What a statement is about: the system under test, by the digest of its tree. */
export function subjectOf({ kind, version, treeDigest }: SutIdentity): Bundle['subject'] {
  return [{ name: `NemoClaw ${version} (${kind})`, digest: { sha256: treeDigest } }];
}

const label = ({ id, variant }: { readonly id: string; readonly variant: string | null }) =>
  variant === null ? id : `${id} (${variant})`;

/** The tests of a statement, by result: of its records, and of what is missing. */
export function testsOf(
  records: readonly Pick<BundledRecord, 'id' | 'variant' | 'verdict'>[],
  missing: Extension['missing'],
): Pick<Predicate, 'passedTests' | 'warnedTests' | 'failedTests'> {
  const having = (...verdicts: Verdict[]) =>
    records
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(label)
      .sort();
  return {
    passedTests: having('passed'),
    warnedTests: having('not-applicable'),
    failedTests: [...having('failed', 'not-run'), ...missing.map(label)].sort(),
  };
}

/** The result of a statement: of its tests, its scenarios, and whether everything was restored. */
export function resultOf(
  { failedTests, warnedTests }: Pick<Predicate, 'failedTests' | 'warnedTests'>,
  { scenarios, restore }: Pick<Extension, 'scenarios' | 'restore'>,
): Predicate['result'] {
  const failed = scenarios.some(({ failure }) => failure !== null);
  if (failedTests.length > 0 || failed || restore !== 'complete') return 'FAILED';
  return warnedTests.length > 0 ? 'WARNED' : 'PASSED';
}

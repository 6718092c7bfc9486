import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readRecords, type Verdict } from './record';
import { type RunPlan, readRunPlan } from './run-plan';
import { readScenarioSummaries, type ScenarioSummary } from './scenario-summary';

export const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

interface BundledRecord {
  readonly id: string;
  readonly variant: string | null;
  readonly row: string;
  readonly level: 'core' | 'extended';
  readonly verdict: Verdict;
  readonly scenario: string;
  /** Relative to the bundle. */
  readonly path: string;
  readonly sha256: string;
}

/** A run's evidence as an in-toto Statement: what was tested, by what, with which result, and every record by its digest. */
export interface Bundle {
  readonly _type: 'https://in-toto.io/Statement/v1';
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: {
    readonly result: 'PASSED' | 'WARNED' | 'FAILED';
    readonly configuration: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
    /** The test-result predicate is open for extensions under names of their own. */
    readonly 'phase9/v1': {
      readonly run: string;
      readonly profile: string;
      readonly sut: RunPlan['sut'];
      readonly startedAt: string;
      readonly restore: 'complete' | 'incomplete';
      readonly records: readonly BundledRecord[];
      readonly missing: readonly { readonly id: string; readonly variant: string | null; readonly scenario: string }[];
      readonly scenarios: readonly ScenarioSummary[];
    };
  };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const label = ({ id, variant }: { readonly id: string; readonly variant: string | null }) =>
  variant === null ? id : `${id} (${variant})`;

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
      .filter((owed) => !records.some((one) => one.id === owed.id && one.variant === owed.variant))
      .map(({ id, variant }) => ({ id, variant, scenario: scenario.location })),
  );
  const ended = new Set(scenarios.map(({ scenario }) => scenario));
  const whole =
    scenarios.every(({ restore }) => restore === 'complete') &&
    plan.scenarios.every(({ location }) => ended.has(location));
  const having = (...verdicts: Verdict[]) =>
    records
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(label)
      .sort();
  const failedTests = [...having('failed', 'not-run'), ...missing.map(label)].sort();
  const warnedTests = having('not-applicable');
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `NemoClaw ${plan.sut.version} (${plan.sut.kind})`, digest: { sha256: plan.sut.treeDigest } }],
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: failedTests.length > 0 || !whole ? 'FAILED' : warnedTests.length > 0 ? 'WARNED' : 'PASSED',
      configuration: plan.configuration.map(({ name, sha256: digest }) => ({ name, digest: { sha256: digest } })),
      passedTests: having('passed'),
      warnedTests,
      failedTests,
      'phase9/v1': {
        run: plan.run,
        profile: plan.profile,
        sut: plan.sut,
        startedAt: plan.startedAt,
        restore: whole ? 'complete' : 'incomplete',
        records,
        missing,
        scenarios,
      },
    },
  };
}

/** Writes `bundle.json` into the run's directory. @returns the bundle and the SHA-256 of its bytes. */
export function writeBundle(runDirectory: string): {
  readonly bundle: Bundle;
  readonly file: string;
  readonly sha256: string;
} {
  const bundle = bundleOf(runDirectory);
  const file = path.join(runDirectory, 'bundle.json');
  writeFileAtomic.sync(file, `${JSON.stringify(bundle, null, 2)}\n`);
  return { bundle, file, sha256: sha256(readFileSync(file)) };
}

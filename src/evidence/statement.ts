import type { Bundle, BundledRecord } from './bundle';
import type { SutIdentity, Verdict } from './record';

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

/** The result of a statement: of its tests, its scenarios, and whether everything was put back. */
export function resultOf(
  { failedTests, warnedTests }: Pick<Predicate, 'failedTests' | 'warnedTests'>,
  { scenarios, restore }: Pick<Extension, 'scenarios' | 'restore'>,
): Predicate['result'] {
  const failed = scenarios.some(({ failure }) => failure !== null);
  if (failedTests.length > 0 || failed || restore !== 'complete') return 'FAILED';
  return warnedTests.length > 0 ? 'WARNED' : 'PASSED';
}

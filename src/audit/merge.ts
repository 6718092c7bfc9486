import type { Bundle, BundledRecord } from '../evidence/bundle';
import { compare } from './finding';
import type { Submission } from './submission';

type RunOfMerged = Omit<Bundle['predicate']['phase9/v1'], 'records'> & { readonly bundle: string };

/** Several runs' bundles as one in-toto Statement: every record with the bundle that it comes from. */
export interface MergedBundle {
  readonly _type: Bundle['_type'];
  readonly subject: Bundle['subject'];
  readonly predicateType: Bundle['predicateType'];
  readonly predicate: {
    readonly result: 'PASSED' | 'WARNED' | 'FAILED';
    readonly configuration: Bundle['predicate']['configuration'];
    readonly passedTests: readonly string[];
    readonly warnedTests: readonly string[];
    readonly failedTests: readonly string[];
    readonly 'phase9/merged/v1': {
      readonly runs: readonly RunOfMerged[];
      readonly records: readonly (BundledRecord & { readonly bundle: string })[];
    };
  };
}

/** Merges bundles. Their order, or giving one twice, does not change the result, byte for byte. */
export function mergeBundles(submissions: readonly Pick<Submission, 'bundle' | 'digest'>[]): MergedBundle {
  const distinct = [...new Map(submissions.map((one) => [one.digest, one])).values()].sort((a, b) =>
    compare(a.digest, b.digest),
  );
  const predicates = distinct.map(({ bundle }) => bundle.predicate);
  const failedTests = union(predicates.map((one) => one.failedTests));
  const warnedTests = union(predicates.map((one) => one.warnedTests)).filter((one) => !failedTests.includes(one));
  const worse = new Set([...failedTests, ...warnedTests]);
  const results = predicates.map(({ result }) => result);
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: byJson(distinct.flatMap(({ bundle }) => bundle.subject)),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: (['FAILED', 'WARNED'] as const).find((one) => results.includes(one)) ?? 'PASSED',
      configuration: byJson(predicates.flatMap(({ configuration }) => configuration)),
      passedTests: union(predicates.map((one) => one.passedTests)).filter((one) => !worse.has(one)),
      warnedTests,
      failedTests,
      'phase9/merged/v1': {
        runs: distinct.map(({ digest, bundle }) => {
          const { records: _, ...run } = bundle.predicate['phase9/v1'];
          return { bundle: digest, ...run };
        }),
        records: distinct
          .flatMap(({ digest, bundle }) =>
            bundle.predicate['phase9/v1'].records.map((record) => ({ bundle: digest, ...record })),
          )
          .sort((a, b) => compare(`${a.path}\0${a.bundle}`, `${b.path}\0${b.bundle}`)),
      },
    },
  };
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())].sort(compare);
}

/** Each distinct value once, in a fixed order. */
function byJson<T>(values: readonly T[]): T[] {
  const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...distinct].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}

import { type KnownFailure, knownFailure } from '../spec/known-failures';
import type { AuditResult, RowStanding } from './result';
import type { SutKind } from './work-queue';

/** An assertion of an audit that is a known failure of every release that was audited for it. */
export interface KnownStanding {
  readonly row: string;
  readonly sut: SutKind;
  readonly id: string;
  readonly variant: string | null;
  readonly failure: KnownFailure;
  /** `red`: it failed, and is known to. `turned-green`: it passed, and its entry is out of date. */
  readonly is: 'red' | 'turned-green';
}

/** The known failures among the standings of an audit. They explain; they change no standing. Pure. */
export function knownStandings(
  { rows, bundles }: Pick<AuditResult, 'rows' | 'bundles'>,
  known: readonly KnownFailure[],
): KnownStanding[] {
  return rows.flatMap((standing) => {
    const { row, sut, assertions } = standing;
    const releases = releasesOf(standing, bundles);
    return assertions.flatMap(({ id, variant, standing: is }): KnownStanding[] => {
      if (is !== 'failed' && is !== 'passed') return [];
      const failures = releases.map((version) => knownFailure(known, { kind: sut, version }, { id, variant }));
      const [failure] = failures;
      if (failure === undefined || failures.includes(undefined)) return [];
      return [{ row, sut, id, variant, failure, is: is === 'failed' ? 'red' : 'turned-green' }];
    });
  });
}

function releasesOf({ sut, bundles: own }: RowStanding, bundles: AuditResult['bundles']): string[] {
  const of = bundles.filter(({ digest, sut: { kind } }) => kind === sut && own.includes(digest));
  return [...new Set(of.map((one) => one.sut.version))];
}

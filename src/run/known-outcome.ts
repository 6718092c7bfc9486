import type { Bundle } from '../evidence/bundle';
import type { EvidenceRecord } from '../evidence/record';
import { bounded } from '../secrets/redact';
import { type KnownFailure, knownFailure, knownOf } from '../spec/known-failures';
import { AssertionsFailed } from '../world/verdict';

interface Named {
  readonly id: string;
  readonly variant: string | null;
}

/** How a run stands to the known failures of the release that it tested. */
export interface KnownOutcome {
  /** Number of known failures of the release. */
  readonly listed: number;
  /** Failed, and known. */
  readonly known: readonly (Named & { readonly failure: KnownFailure })[];
  /** Passed, and still listed as a known failure. */
  readonly turnedGreen: readonly Named[];
  /** Failed, and not known; empty for a release without known failures, where the failed ones are no news. */
  readonly newlyRed: readonly Named[];
  /** Whether there are known failures and nothing else is red: no verdict, no scenario. */
  readonly alone: boolean;
}

type Judged = Pick<EvidenceRecord, 'id' | 'variant' | 'verdict' | 'reason' | 'scenario'>;

/**
 * Compares a run with the known failures. Pure.
 * @param records all records of the run
 * @param failedInCucumber `file:line` of the scenarios that Cucumber calls failed, and a word for what else failed there
 */
export function knownOutcome(
  { predicate }: Bundle,
  records: readonly Judged[],
  known: readonly KnownFailure[],
  failedInCucumber: readonly string[] = [],
): KnownOutcome {
  const { sut, missing, scenarios } = predicate['phase9/v1'];
  const listed = knownOf(known, sut).length;
  const failed = records.filter(({ verdict }) => verdict === 'failed');
  const isKnown = (one: Named) => knownFailure(known, sut, one);
  const red = failed.flatMap((one) => {
    const failure = isKnown(one);
    return failure ? [{ id: one.id, variant: one.variant, failure }] : [];
  });
  const newlyRed = failed.filter((one) => !isKnown(one)).map(name);
  const notRun = records.some(({ verdict }) => verdict === 'not-run');
  const explained = new Set(scenarios.filter((one) => onlyAssertionsFailed(one, records)).map((one) => one.scenario));
  const broken = scenarios.filter(({ failure }) => failure !== null).map(({ scenario }) => scenario);
  const others = [...broken, ...failedInCucumber].filter((one) => !explained.has(one));
  return {
    listed,
    known: red,
    turnedGreen: records.filter((one) => one.verdict === 'passed' && isKnown(one)).map(name),
    newlyRed: listed === 0 ? [] : newlyRed,
    alone: red.length > 0 && newlyRed.length === 0 && !notRun && missing.length === 0 && others.length === 0,
  };
}

function name({ id, variant }: Named): Named {
  return { id, variant };
}

/** Whether a scenario failed for its assertions alone: not for an action, a check, a leak or a restore. */
function onlyAssertionsFailed(
  scenario: Bundle['predicate']['phase9/v1']['scenarios'][number],
  records: readonly Judged[],
): boolean {
  const own = scenario.records.flatMap(({ id, variant }) =>
    records.filter((one) => one.id === id && one.variant === variant),
  );
  const red = own.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run');
  return scenario.failure !== null && scenario.failure === bounded(new AssertionsFailed(red).message);
}

import { type KnownFailure, sentenceOf } from '../spec/known-failures';
import type { Outcome } from './junit';

/** A failure whose message begins with what the product is known to do; any other outcome is left as it is. */
export function markedKnown(outcome: Outcome, failure: KnownFailure | undefined): Outcome {
  if (failure === undefined || outcome.is !== 'failure') return outcome;
  return { ...outcome, message: `known failure: ${sentenceOf(failure)}\n${outcome.message}` };
}

/** Properties of a testcase: `known` of a failure that is known, `turned-green` of a known failure that passed. */
export function knownProperties(verdict: string, failure: KnownFailure | undefined): Readonly<Record<string, string>> {
  if (failure === undefined) return {};
  const { report, since } = failure;
  if (verdict === 'failed') return { known: 'true', 'known-report': report ?? 'none', 'known-since': since };
  return verdict === 'passed' ? { 'turned-green': 'true' } : {};
}

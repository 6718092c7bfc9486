import type { EvidenceRecord } from '../evidence/record';
import { redact } from '../secrets/redact';
import type { Outcome } from './junit';

type Judged = Pick<EvidenceRecord, 'verdict' | 'level' | 'expected' | 'observed' | 'reason'>;

/** A record's verdict in JUnit's terms: a check that was not run is an error, and one that is not applicable is skipped with its reason. */
export function outcomeOf(record: Judged): Outcome {
  const { verdict, level } = record;
  const message = redact(record.reason ?? verdict);
  switch (verdict) {
    case 'passed':
      return { is: 'passed' };
    case 'not-applicable':
      return { is: 'skipped', message };
    case 'not-run':
      return { is: 'error', type: 'not-run', message, text: comparison(record) };
    case 'failed':
      return { is: 'failure', type: level, message, text: comparison(record) };
  }
}

/** Expected, observed and reason, one after the other. */
export function comparison({ expected, observed, reason }: Judged): string {
  return redact(`expected:\n${expected}\n\nobserved:\n${observed}\n${reason === null ? '' : `\nreason:\n${reason}\n`}`);
}

/** Duration of an assertion, in ms. */
export function took({ startedAt, finishedAt }: Pick<EvidenceRecord, 'startedAt' | 'finishedAt'>): number {
  return Date.parse(finishedAt) - Date.parse(startedAt);
}

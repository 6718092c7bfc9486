import type { EvidenceRecord } from '../../evidence/record';
import { about, aboutRow, type Candidate, type Evidence, requiredBy } from '../candidates';
import type { Finding } from '../finding';

/**
 * Phase completion gate: every core assertion of a row passes, in every variant and in every record of it. A missing record is named by
 * its ID; a failed one is a finding about the product. Amendments are applied afterwards.
 */
export function completionGate({ input, rows, of }: Evidence): Finding[] {
  return rows.flatMap(({ kind, row }) =>
    requiredBy(input, row).flatMap(({ assertion, variant }): Finding[] => {
      const effect = assertion.level === 'core' ? 'blocks' : 'tells';
      const candidates = of(kind, assertion.id, variant);
      if (candidates.length === 0) {
        const wrong = `no record of this ${assertion.level} assertion`;
        const finding = aboutRow(row, kind, 'completion', wrong, { missing: 'a passing record' });
        return [{ ...finding, id: assertion.id, variant, effect }];
      }
      return candidates.flatMap((candidate) => {
        const { record } = candidate;
        if (!record || record.verdict === 'passed') return [];
        return [{ ...about(candidate, 'completion', shortcoming(record, candidate), 'a passing record'), effect }];
      });
    }),
  );
}

function shortcoming({ verdict, reason }: EvidenceRecord, { assertion }: Candidate): string {
  const because = reason === null || reason === '' ? '' : `: ${reason}`;
  if (verdict === 'failed') return `the system under test fails this ${assertion?.level} assertion${because}`;
  if (verdict === 'not-applicable') return `not applicable here${because}`;
  return `it was not run${because}`;
}

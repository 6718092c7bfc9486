import type { EvidenceRecord } from '../../evidence/record';
import { about, aboutRow, type Candidate, type Evidence, owedBy } from '../evidence';
import type { Finding } from '../finding';

/**
 * Phase completion gate: every core assertion of a row passes, in every variant, in every record that there is of it. What has no passing
 * record is told by its ID; a failed one is a finding about the product. Amendments are weighed afterwards.
 */
export function completionGate({ input, of }: Evidence): Finding[] {
  return input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) =>
      owedBy(input, row).flatMap(({ assertion, variant }): Finding[] => {
        const effect = assertion.level === 'core' ? 'blocks' : 'tells';
        const candidates = of(kind, assertion.id, variant);
        if (candidates.length === 0) {
          return [
            {
              ...aboutRow(row, kind, 'completion', `no record of this ${assertion.level} assertion`, {
                missing: 'a passing record',
              }),
              id: assertion.id,
              variant,
              effect,
            },
          ];
        }
        return candidates.flatMap((candidate) => {
          const { record } = candidate;
          if (!record || record.verdict === 'passed') return [];
          return [{ ...about(candidate, 'completion', whyNot(record, candidate), 'a passing record'), effect }];
        });
      }),
    ),
  );
}

function whyNot({ verdict, reason }: EvidenceRecord, { assertion }: Candidate): string {
  const said = reason === null || reason === '' ? '' : `: ${reason}`;
  if (verdict === 'failed') return `the system under test fails this ${assertion?.level} assertion${said}`;
  if (verdict === 'not-applicable') return `not applicable here${said}`;
  return `it was not run${said}`;
}

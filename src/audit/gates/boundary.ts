import { about, aboutRow, type Candidate, claimsPass, type Evidence } from '../candidates';
import type { Finding } from '../finding';

/** Boundary gate: an assertion observes the boundary of the ledger, as the legacy script did; a row touches all its boundaries. */
export function boundaryGate({ candidates, input, rows, ofRow }: Evidence): Finding[] {
  const ofRows = rows.flatMap(({ kind, row }) => {
    const passed = ofRow(kind, row).filter(claimsPass);
    if (passed.length === 0) return [];
    const touched = new Set(passed.flatMap(({ record }) => record?.trace.map(({ boundary }) => boundary) ?? []));
    return (input.ledger.rows[row]?.boundary ?? [])
      .filter((boundary) => !touched.has(boundary))
      .map((boundary) =>
        aboutRow(row, kind, 'boundary', `no passing record of the row touches ${boundary}`, { missing: boundary }),
      );
  });
  return [...candidates.flatMap(ofRecord), ...ofRows];
}

function ofRecord(candidate: Candidate): Finding[] {
  const { record, assertion } = candidate;
  // A check that does not apply observes whatever showed that, at any boundary.
  if (!record || !assertion || record.verdict === 'not-run' || record.verdict === 'not-applicable') return [];
  const { boundary } = assertion;
  const finding = (wrong: string) => about(candidate, 'boundary', wrong, boundary);
  const found: Finding[] = [];
  if (record.boundary !== boundary) {
    found.push(finding(`it names the boundary ${record.boundary}; the ledger names ${boundary}`));
  }
  const touched = new Set(record.trace.map((reading) => reading.boundary));
  if (touched.size > 0 && !touched.has(boundary)) {
    found.push(finding(`its trace does not touch ${boundary}; it touches ${[...touched].sort().join(', ')}`));
  }
  return found;
}

import { about, aboutRow, claimsPass, type Evidence } from '../evidence';
import type { Finding } from '../finding';

/** Boundary gate: an assertion looks where the ledger says, as the legacy script did; a row touches all its boundaries. */
export function boundaryGate({ candidates, input, ofRow }: Evidence): Finding[] {
  const records = candidates.flatMap((candidate) => {
    const { record, assertion } = candidate;
    // A check that does not apply looks for what it would apply to, wherever that is.
    if (!record || !assertion || record.verdict === 'not-run' || record.verdict === 'not-applicable') return [];
    const found: Finding[] = [];
    if (record.boundary !== assertion.boundary) {
      found.push(
        about(
          candidate,
          'boundary',
          `it names the boundary ${record.boundary}; the ledger says ${assertion.boundary}`,
          assertion.boundary,
        ),
      );
    }
    if (record.trace.length > 0 && !record.trace.some(({ boundary }) => boundary === assertion.boundary)) {
      const touched = [...new Set(record.trace.map(({ boundary }) => boundary))].sort().join(', ');
      found.push(
        about(
          candidate,
          'boundary',
          `its trace does not touch ${assertion.boundary}; it looked at ${touched}`,
          assertion.boundary,
        ),
      );
    }
    return found;
  });
  const rows = input.kinds.flatMap((kind) =>
    input.rows.flatMap((row) => {
      const passed = ofRow(kind, row).filter(claimsPass);
      if (passed.length === 0) return [];
      const touched = new Set(passed.flatMap(({ record }) => record?.trace.map(({ boundary }) => boundary) ?? []));
      return (input.ledger.rows[row]?.boundary ?? [])
        .filter((boundary) => !touched.has(boundary))
        .map((boundary) =>
          aboutRow(row, kind, 'boundary', `no passing record of the row touches ${boundary}`, { missing: boundary }),
        );
    }),
  );
  return [...records, ...rows];
}

import { aboutRow, claimsPass, type Evidence, featureOf } from '../candidates';
import type { Finding } from '../finding';
import { isOwn } from './fixtures';

/** Audit completeness gate: every row has owner, phase, scenarios, contracts and status in the queue, and its fixtures in its evidence. */
export function completenessGate(evidence: Evidence): Finding[] {
  return [...evidence.input.rows.flatMap((row) => queueFindings(row, evidence.input)), ...missingFixtures(evidence)];
}

/** Fixtures that the ledger requires of a row, and that no passing record's own scenario staged. */
function missingFixtures({ input, rows, ofRow }: Evidence): Finding[] {
  return rows.flatMap(({ kind, row }) => {
    const passed = ofRow(kind, row).filter(claimsPass);
    if (passed.length === 0) return [];
    const staged = new Set(
      passed.flatMap(({ record }) =>
        record ? record.fixtures.filter((one) => isOwn(one, record)).map(({ fixture }) => fixture) : [],
      ),
    );
    return (input.ledger.rows[row]?.requires_fixtures ?? [])
      .filter((fixture) => fixture !== 'old-sandbox' && !staged.has(fixture))
      .map((fixture) =>
        aboutRow(row, kind, 'completeness', `no scenario behind a passing record of the row staged ${fixture}`, {
          missing: fixture,
        }),
      );
  });
}

function queueFindings(row: string, { queue, contracts, ledger, specification }: Evidence['input']): Finding[] {
  const finding = (wrong: string, missing: string) =>
    aboutRow(row, null, 'completeness', wrong, { missing, where: 'audit/work-queue.yaml' });
  const entry = queue.rows[row];
  if (!entry) return [finding('the work queue has no such row', row)];
  const found: Finding[] = [];
  const known = new Map(contracts.map(({ contract }) => [contract.name, contract]));
  for (const name of entry.contracts) {
    const contract = known.get(name);
    if (!contract) found.push(finding(`there is no contract ${name}`, `contracts/${name}.yaml`));
    else if (!contract.rows.includes(row))
      found.push(finding(`no feature of the contract ${name} is about the row`, row));
  }
  for (const { contract } of contracts) {
    if (contract.rows.includes(row) && !entry.contracts.includes(contract.name)) {
      found.push(
        finding(
          `a feature of the contract ${contract.name} is about the row, and the queue does not name the contract`,
          contract.name,
        ),
      );
    }
  }
  const planned = new Set(entry.contracts.flatMap((name) => known.get(name)?.features ?? []));
  const features = new Set(specification.map(({ scenario }) => featureOf(scenario)));
  for (const feature of entry.scenarios) {
    if (!features.has(feature)) found.push(finding(`the planned scenario ${feature} makes no assertion`, feature));
    else if (!planned.has(feature))
      found.push(finding(`no contract of the row declares the planned scenario ${feature}`, feature));
  }
  const boundaries = [...(ledger.rows[row]?.boundary ?? [])].sort().join(', ');
  if ([...entry.boundary].sort().join(', ') !== boundaries) {
    found.push(finding(`the queue names other boundaries than the ledger (${boundaries})`, boundaries));
  }
  return found;
}

import type { Gate } from '../../../src/audit/finding';
import type { AuditInput, Submission } from '../../../src/audit/submission';
import type { EvidenceRecord } from '../../../src/evidence/record';
import type { ScenarioSummary } from '../../../src/evidence/scenario-summary';
import { healthy, healthyRun, submissionOf } from '../healthy';

export const ID = 'rebuild.openclaw.marker-preserved';
export const AFTER = '2026-01-02T03:04:06.000Z';

/** The healthy run with one record changed and its bundle made again: consistent in itself. */
export function withRecord(change: Partial<EvidenceRecord>, id = ID): AuditInput {
  const run = healthyRun();
  return healthy([remade(run, (record) => (record.id === id ? { ...record, ...change } : record))]);
}

export function remade(
  run: Submission,
  change: (record: EvidenceRecord) => EvidenceRecord,
  scenarios: (one: ScenarioSummary) => ScenarioSummary = (one) => one,
): Submission {
  const records = run.records.flatMap(({ found }) => ('record' in found ? [change(found.record)] : []));
  return submissionOf('a-run', records, run.bundle.predicate['phase9/v1'].scenarios.map(scenarios));
}

export function original(id = ID): EvidenceRecord {
  const found = healthyRun().records.find(({ listed }) => listed.id === id)?.found;
  if (!found || !('record' in found)) throw new Error(id);
  return found.record;
}

/** The healthy run with one record changed on disk; its bundle is as before. */
export function onDisk(change: (one: Submission['records'][number]) => Submission['records'][number]): AuditInput {
  const run = healthyRun();
  return healthy([{ ...run, records: run.records.map((one) => (one.listed.id === ID ? change(one) : one)) }]);
}

export function withScenario(change: (one: ScenarioSummary) => ScenarioSummary): AuditInput {
  return healthy([
    remade(
      healthyRun(),
      (record) => record,
      (one) => (one.scenario === 'features/AQ-050.feature:5' ? change(one) : one),
    ),
  ]);
}

export const sameButFor = (change: Partial<AuditInput>): AuditInput => ({ ...healthy(), ...change });

/** The queue, with other scenarios planned for a row. */
export function planning(row: string, scenarios: string[]): AuditInput['queue'] {
  const { rows } = healthy().queue;
  const entry = rows[row];
  if (!entry) throw new Error(row);
  return { version: 1, rows: { ...rows, [row]: { ...entry, scenarios } } };
}

export interface Refusal {
  readonly of: string;
  readonly gate: Gate;
  readonly input: () => AuditInput;
  readonly message: RegExp;
  /** The assertion that the finding names; the row alone when null. */
  readonly id?: string | null;
}

export const trace = original().trace;
export const fixtures = original().fixtures;

export function notOld(staged: EvidenceRecord['fixtures'][number]): EvidenceRecord['fixtures'][number] {
  return staged.fixture === 'old-sandbox' ? { ...staged, proof: { version: '2.0.0', expected: '2.0.0' } } : staged;
}

export function anotherModel(staged: EvidenceRecord['fixtures'][number]): EvidenceRecord['fixtures'][number] {
  return staged.fixture === 'instance' ? { ...staged, proof: { ...staged.proof, model: 'another' } } : staged;
}

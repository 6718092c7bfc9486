import { gates } from '../audit/finding';
import type { EvidenceRecord } from '../evidence/record';
import { redact } from '../secrets/redact';
import { type Case, classNameOf, type Outcome, placeOf, type Suite } from './junit';
import { knownProperties, markedKnown } from './known-junit';
import type { KindView, ReportModel, RowView } from './model';
import { comparison, outcomeOf, took } from './outcome';
import { label } from './words';

/** An audit as JUnit suites: one for each row and kind of system under test, a case for each assertion of the row. Pure. */
export function suitesOfAudit({ rows }: ReportModel): Suite[] {
  return rows.flatMap((row) => row.kinds.map(({ sut }) => suite(row, sut)));
}

function suite({ row, assertions }: RowView, sut: KindView['sut']): Suite {
  const views = assertions.flatMap(({ kinds }) => kinds.filter((one) => one.sut === sut));
  const starts = views.flatMap(recordsOf).map(({ startedAt }) => startedAt);
  const name = `${row} (${sut})`;
  return { name, startedAt: starts.sort()[0], cases: views.map((one) => caseOf(name, one)) };
}

function recordsOf({ records }: KindView): EvidenceRecord[] {
  return records.flatMap(({ found }) => ('record' in found ? [found.record] : []));
}

/** The record behind the standing: the first with that verdict. */
function decisive(view: KindView): EvidenceRecord | undefined {
  const records = recordsOf(view);
  return records.find(({ verdict }) => verdict === view.standing) ?? records[0];
}

function caseOf(suiteName: string, view: KindView): Case {
  const record = decisive(view);
  const { level, boundary, evidence, amendment, standing, known } = view;
  return {
    name: label(view),
    classname: record ? classNameOf(record.row, record.scenarioName) : suiteName,
    place: record && placeOf(record.scenario),
    ms: record ? took(record) : 0,
    outcome: markedKnown(outcome(view, record), known?.failure),
    properties: {
      level,
      boundary,
      ...(evidence ? { evidence: evidence.path, sha256: evidence.sha256, bundle: evidence.bundle } : {}),
      ...(amendment === null ? {} : { amendment }),
      ...knownProperties(standing, known?.failure),
    },
  };
}

/** An amended assertion is neither red nor green: skipped, with the amendment and the reason that it covers. */
function outcome(view: KindView, record: EvidenceRecord | undefined): Outcome {
  const { standing, amendment, findings } = view;
  const reasons = findings.map(({ gate, wrong }) => `gate ${gates[gate]}: ${wrong}`).join('\n');
  if (amendment !== null) {
    return { is: 'skipped', message: redact(`amended by ${amendment}: ${record?.reason ?? (reasons || standing)}`) };
  }
  const text = redact(`${reasons}\n\n${record ? comparison(record) : ''}`.trim());
  if (standing === 'missing') {
    return { is: 'error', type: standing, message: 'no bundle has a record of it', text };
  }
  if (standing === 'refused') {
    const message = redact(findings[0]?.wrong ?? 'a gate does not accept its evidence');
    return { is: 'error', type: standing, message, text };
  }
  if (record?.verdict === standing) return outcomeOf(record);
  // The bundle lists a verdict that no record confirms.
  return { is: 'error', type: 'no-record', message: `${standing} in the bundle, but there is no such record`, text };
}

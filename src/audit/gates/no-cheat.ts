import type { EvidenceRecord } from '../../evidence/record';
import { about, type Evidence } from '../candidates';
import type { Finding } from '../finding';

const notExecuted: Readonly<Partial<Record<EvidenceRecord['execution'], string>>> = {
  'dry-run': 'it comes from a dry run, in which nothing was carried out',
  preview: 'it comes from a preview, in which nothing was carried out',
  skipped: 'its step was skipped',
  pending: 'its step is pending: it has no code yet',
  'not-executed': 'its step was not carried out',
};

/** No-cheat gate: a verdict counts only if its step was carried out, it rests on readings, and its scenario ended. */
export function noCheatGate({ candidates }: Evidence): Finding[] {
  return candidates.flatMap((candidate) => {
    const { record, scenario } = candidate;
    if (!record || record.verdict === 'not-run') return [];
    const finding = (wrong: string, missing: string) => about(candidate, 'no-cheat', wrong, missing);
    const found: Finding[] = [];
    const reason = notExecuted[record.execution];
    if (reason !== undefined) found.push(finding(reason, 'an executed step'));
    // That something does not apply may be known before any reading, and such a verdict is no pass anyway.
    if (record.verdict !== 'not-applicable') {
      if (record.trace.length === 0) found.push(finding('its trace is empty: nothing was read', 'a trace'));
      for (const { boundary } of record.trace.filter(({ source }) => source.trim() === '')) {
        found.push(finding(`a reading at ${boundary} does not name its source`, 'a source'));
      }
      for (const { source } of record.trace.filter(({ seen }) => Object.keys(seen).length === 0)) {
        found.push(finding(`its reading of ${source} saw nothing`, 'the values seen'));
      }
    }
    if (!scenario) {
      found.push(
        finding(`its scenario ${record.scenario} did not run to its end in this run`, 'the scenario’s summary'),
      );
    }
    return found;
  });
}

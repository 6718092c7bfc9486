import type { EvidenceRecord } from '../../evidence/record';
import { about, type Evidence } from '../evidence';
import type { Finding } from '../finding';

const why: Readonly<Partial<Record<EvidenceRecord['execution'], string>>> = {
  'dry-run': 'it comes from a dry run, in which nothing was carried out',
  preview: 'it comes from a preview, in which nothing was carried out',
  skipped: 'its step was skipped',
  pending: 'its step is pending: it has no code yet',
  'not-executed': 'its step was not carried out',
};

/**
 * No-cheat gate: what was not carried out proves nothing. A verdict that rests on nothing looked at is refused, and so is one of a
 * scenario that never ended.
 */
export function noCheatGate({ candidates }: Evidence): Finding[] {
  return candidates.flatMap((candidate) => {
    const { record, scenario } = candidate;
    if (!record || record.verdict === 'not-run') return [];
    const reason = why[record.execution];
    const found: Finding[] = [];
    if (reason !== undefined) found.push(about(candidate, 'no-cheat', reason, 'an executed step'));
    // That something does not apply may be known before anything is looked at; it counts for nothing anyway.
    if (record.trace.length === 0 && record.verdict !== 'not-applicable') {
      found.push(about(candidate, 'no-cheat', 'its trace is empty: nothing was looked at', 'a trace'));
    }
    if (record.verdict !== 'not-applicable') {
      for (const { boundary } of record.trace.filter(({ source }) => source.trim() === '')) {
        found.push(about(candidate, 'no-cheat', `a reading at ${boundary} does not say what was read`, 'a source'));
      }
      for (const { source } of record.trace.filter(({ seen }) => Object.keys(seen).length === 0)) {
        found.push(about(candidate, 'no-cheat', `its reading of ${source} saw nothing`, 'what was seen'));
      }
    }
    if (!scenario) {
      found.push(
        about(
          candidate,
          'no-cheat',
          `its scenario ${record.scenario} did not run to its end in this run`,
          'the scenario’s summary',
        ),
      );
    }
    return found;
  });
}

import type { EvidenceRecord, StagedFixture } from '../../evidence/record';
import { about, aboutRow, type Candidate, claimsPass, type Evidence } from '../candidates';
import type { Finding } from '../finding';
import { isOwn } from './fixtures';
import { INSTANCE } from './setup';

const OLD_SANDBOX = 'old-sandbox';

/** Assertions about registry, live gateway and backup manifest together; their trace must show all three. */
const IN_THREE_PLACES = new Set(['rebuild.openclaw.custom-policy-preserved', 'suite.rebuild.policy_presets_preserved']);

/**
 * The gate of this phase: rebuild and upgrade rows start from an old sandbox, as each record's own scenario and the version seen inside
 * show; policies are looked for in registry, live gateway and backup manifest; installer and runtime-edge coverage needs no product
 * manifest.
 */
export function phaseGate({ input, candidates, rows, ofRow }: Evidence): Finding[] {
  const withoutOld = rows
    .filter(({ row }) => input.ledger.rows[row]?.requires_fixtures.includes(OLD_SANDBOX))
    .filter(
      ({ kind, row }) =>
        !ofRow(kind, row).some(({ record }) => record?.verdict === 'passed' && faultOfOldSandbox(record) === undefined),
    )
    .map(({ kind, row }) =>
      aboutRow(row, kind, 'phase', 'no record of the row comes from a scenario that started from an old sandbox', {
        missing: OLD_SANDBOX,
      }),
    );
  return [...withoutOld, ...candidates.flatMap(recordFindings)];
}

function recordFindings(candidate: Candidate): Finding[] {
  const { record, assertion, contract } = candidate;
  if (!record || !claimsPass(candidate)) return [];
  const finding = (wrong: string, missing: string) => about(candidate, 'phase', wrong, missing);
  const found: Finding[] = [];
  if (assertion?.needs.includes(OLD_SANDBOX)) {
    const fault = faultOfOldSandbox(record);
    if (fault !== undefined) found.push(finding(fault, OLD_SANDBOX));
  }
  if (IN_THREE_PLACES.has(candidate.id)) {
    for (const [place, seen] of Object.entries(policyPlaces(record))) {
      if (!seen) found.push(finding(`its trace does not show the policy in the ${place}`, `policy in the ${place}`));
    }
  }
  const { kind } = contract?.contract ?? {};
  if (kind !== undefined && kind !== 'product' && record.fixtures.some(({ fixture }) => fixture === INSTANCE)) {
    found.push(finding(`${kind} coverage was made with an instance of a product manifest`, 'hermetic coverage'));
  }
  return found;
}

/** Why a record does not show that its scenario started from an old sandbox; undefined when it does. */
function faultOfOldSandbox(record: EvidenceRecord): string | undefined {
  const staged = record.fixtures.filter((one) => one.fixture === OLD_SANDBOX && isOwn(one, record));
  if (staged.length === 0) {
    return 'its scenario did not start from an old sandbox: a rebuild of a fresh one proves nothing here';
  }
  return staged.map(({ proof }) => faultOfVersions(proof)).find((fault) => fault !== undefined);
}

function faultOfVersions({ version, expected }: StagedFixture['proof']): string | undefined {
  if (!version || !expected)
    return 'the old sandbox has no proof of the version seen inside it and of the one expected';
  const [old, now] = [versionOf(version), versionOf(expected)];
  if (!old || !now) return `the old sandbox shows “${version}” and “${expected}”, which are not both versions`;
  const order = compareVersions(old, now);
  if (order === 0) return `the sandbox that it calls old ran ${version}, the version that is expected`;
  if (order > 0) return `the sandbox that it calls old ran ${version}, which is newer than ${expected}`;
  return undefined;
}

/** The numbers of a version; undefined when the text is not a version. */
function versionOf(text: string): number[] | undefined {
  const numbers = /^v?(\d+(?:\.\d+)*)(?:[-+][\w.+-]+)?$/.exec(text.trim())?.[1];
  return numbers?.split('.').map(Number);
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let part = 0; part < Math.max(a.length, b.length); part += 1) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function policyPlaces({ trace }: EvidenceRecord): Readonly<Record<string, boolean>> {
  const file = (name: string) =>
    trace.some(({ boundary, source }) => boundary === 'durable-state' && source.includes(name));
  return {
    registry: file('sandboxes.json'),
    'live gateway': trace.some(({ boundary }) => boundary === 'gateway'),
    'backup manifest': file('rebuild-backups/'),
  };
}

import { type Amended, applyAmendments } from './apply-amendments';
import { type Candidate, type Evidence, gather, key, requiredBy } from './candidates';
import { byPlace, compare, type Finding, gates } from './finding';
import { boundaryGate } from './gates/boundary';
import { cleanupGate } from './gates/cleanup';
import { completenessGate } from './gates/completeness';
import { completionGate } from './gates/completion';
import { evidenceGate } from './gates/evidence';
import { executableGate } from './gates/executable';
import { noCheatGate } from './gates/no-cheat';
import { phaseGate } from './gates/phase';
import { secretGate } from './gates/secret';
import { setupGate } from './gates/setup';
import { signatureGate } from './gates/signature';
import { statementGate } from './gates/statement';
import { grouped } from './grouped';
import type { AssertionStanding, AuditedBundle, AuditResult, RowStanding } from './result';
import type { AuditInput } from './submission';
import type { SutKind } from './work-queue';

const allGates = [
  setupGate,
  noCheatGate,
  boundaryGate,
  evidenceGate,
  statementGate,
  signatureGate,
  secretGate,
  cleanupGate,
  completenessGate,
  completionGate,
  executableGate,
  phaseGate,
];

/**
 * Judges the submitted bundles by all gates. A pure function of its input: the order of bundles, records, contracts and
 * amendments does not change the result, byte for byte.
 */
export function audit(input: AuditInput): AuditResult {
  const evidence = gather(input);
  const amended = applyAmendments(
    allGates.flatMap((gate) => gate(evidence)),
    evidence,
  );
  const findings = distinct([...amended.findings].sort(byPlace));
  const byRow = grouped(findings, ({ row }) => row);
  const rows = input.rows.flatMap((row) =>
    input.kinds.map((kind) =>
      standingOf(
        row,
        kind,
        (byRow.get(row) ?? []).filter(({ sut }) => sut === null || sut === kind),
        evidence,
        amended,
      ),
    ),
  );
  return {
    complete: rows.length > 0 && rows.every(({ evidence: state }) => state === 'evidence-complete'),
    rows,
    findings,
    bundles: auditedBundles(input),
  };
}

function auditedBundles({ submissions, kinds }: AuditInput): AuditedBundle[] {
  const seen = new Map<string, AuditedBundle>();
  for (const { digest, bundle } of submissions) {
    const { run, producer, sut, startedAt } = bundle.predicate['phase9/v1'];
    const { kind, version, commit, treeDigest } = sut;
    if (!kinds.includes(kind)) continue;
    seen.set(digest, {
      digest,
      run,
      producer,
      sut: { kind, version, commit, treeDigest },
      startedAt,
      result: bundle.predicate.result,
    });
  }
  return [...seen.values()].sort((a, b) => compare(a.digest, b.digest));
}

function standingOf(
  row: string,
  sut: SutKind,
  findings: readonly Finding[],
  evidence: Evidence,
  amended: Amended,
): RowStanding {
  const { input, bundlesOf } = evidence;
  const blocking = findings.filter(({ effect }) => effect === 'blocks');
  const amendedFindings = findings.filter(({ effect }) => effect === 'amended');
  const refused = new Set(
    blocking.filter(({ id, gate }) => id !== null && gate !== 'completion').map(({ id, variant }) => key(id, variant)),
  );
  return {
    row,
    title: input.ledger.rows[row]?.title ?? row,
    owner: input.queue.rows[row]?.owner ?? '',
    sut,
    evidence: blocking.length === 0 ? 'evidence-complete' : 'unresolved',
    bundles: [...new Set(bundlesOf(sut, row).map(({ digest }) => digest))].sort(compare),
    amendments: [...new Set(amendedFindings.flatMap((one) => amended.inForce(sut, row, one.id) ?? []))].sort(compare),
    reasons: reasonsOf(blocking.length > 0 ? blocking : amendedFindings),
    assertions: requiredBy(input, row).map(({ assertion: { id, level, boundary }, variant }): AssertionStanding => {
      const candidates = evidence.of(sut, id, variant);
      return {
        id,
        variant,
        level,
        boundary,
        standing: refused.has(key(id, variant)) && candidates.length > 0 ? 'refused' : worst(candidates),
        amendment: amendedFindings.some((one) => one.id === id && one.variant === variant)
          ? (amended.inForce(sut, row, id) ?? null)
          : null,
        evidence: evidenceOf(candidates),
      };
    }),
  };
}

/** Every record counts: a failed one is not made good by a passed one. */
function worst(candidates: readonly Candidate[]): AssertionStanding['standing'] {
  const verdicts = candidates.map(({ record }) => record?.verdict ?? 'missing');
  return (
    (['missing', 'failed', 'not-run', 'not-applicable', 'passed'] as const).find((one) => verdicts.includes(one)) ??
    'missing'
  );
}

function evidenceOf(candidates: readonly Candidate[]): AssertionStanding['evidence'] {
  const [first] = candidates
    .map(({ submission, submitted: { listed } }) => ({
      bundle: submission.digest,
      path: listed.path,
      sha256: listed.sha256,
    }))
    .sort((a, b) => compare(a.bundle + a.path, b.bundle + b.path));
  return first ?? null;
}

/** One sentence for each gate and fault, with the IDs concerned. */
function reasonsOf(findings: readonly Finding[]): string[] {
  const byFault = new Map<string, string[]>();
  for (const { gate, wrong, missing, id, variant } of findings) {
    const fault = `${gates[gate]}: ${wrong}${missing === null || wrong.includes(missing) ? '' : ` (missing: ${missing})`}`;
    const ids = byFault.get(fault) ?? [];
    if (id !== null) ids.push(variant === null ? id : `${id} [${variant}]`);
    byFault.set(fault, ids);
  }
  return [...byFault].map(([fault, ids]) => (ids.length === 0 ? fault : `${fault}: ${[...new Set(ids)].join(', ')}`));
}

/** The same bundle given twice has each finding twice. */
function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const text = JSON.stringify(finding);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}

import type { Finding } from '../../src/audit/finding';
import type { AssertionStanding, AuditResult, RowStanding } from '../../src/audit/result';
import type { AuditInput, Submission } from '../../src/audit/submission';
import type { SutKind } from '../../src/audit/work-queue';
import { bundleSchema } from '../../src/evidence/bundle';
import { type EvidenceRecord, recordSchema } from '../../src/evidence/record';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import type { Audited } from '../../src/report/model';
import { sha256 } from '../../src/sha256';
import { loadLedger } from '../../src/spec/ledger';
import { aRecord, aSummary } from '../evidence/a-record';

const NOW = '2026-01-03T00:00:00.000Z';

/** One run's evidence: those records, listed in a bundle in the way of a run. */
export function aSubmission(
  run: string,
  records: readonly EvidenceRecord[],
  scenarios: readonly ScenarioSummary[] = [aSummary({ run })],
): Submission {
  const submitted = records.map((record) => {
    const { id, variant, row, level, verdict, scenario } = recordSchema.parse(record);
    const digest = sha256(JSON.stringify(record));
    const path = `evidence/${row}/${id}${variant === null ? '' : `--${variant}`}.json`;
    return {
      listed: { id, variant, row, level, verdict, scenario, path, sha256: digest },
      found: { sha256: digest, record },
    };
  });
  const { sut } = records[0] ?? aRecord();
  const failed = records.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run').map(({ id }) => id);
  const bundle = bundleSchema.parse({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `NemoClaw ${sut.version}`, digest: { sha256: sut.treeDigest } }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: failed.length > 0 ? 'FAILED' : 'PASSED',
      configuration: [{ name: 'audit/assertions.yaml', digest: { sha256: sha256('ledger') } }],
      passedTests: [],
      warnedTests: [],
      failedTests: failed,
      'phase9/v1': {
        run,
        producer: 'ci',
        profile: sut.kind === 'reference' ? 'reference' : 'live',
        sut,
        startedAt: aSummary().startedAt,
        restore: 'complete',
        records: submitted.map(({ listed }) => listed),
        missing: [],
        scenarios,
        files: [],
      },
    },
  });
  return {
    where: `reports/${run}/bundle.json`,
    digest: sha256(JSON.stringify(bundle)),
    bundle,
    records: submitted,
    spoilt: [],
    unlisted: [],
    secrets: [],
    signature: null,
  };
}

/** A finding that blocks a row of the reference, with the differences that a test wants. */
export function aFinding(otherwise: Partial<Finding> = {}): Finding {
  return {
    gate: 'completion',
    row: 'AQ-050',
    id: null,
    variant: null,
    sut: 'reference',
    wrong: 'an assertion has no record that passed',
    missing: null,
    where: null,
    effect: 'blocks',
    ...otherwise,
  };
}

export interface Asked {
  readonly rows?: readonly string[];
  readonly kinds?: readonly SutKind[];
  readonly findings?: readonly Finding[];
  /** Assertions that an amendment covers, for the first kind. */
  readonly amended?: readonly string[];
}

const AMENDMENT = 'audit/amendments/one.yaml';

/** An audit of those submissions with the real ledger. The standings are computed here in a simple way: the audit itself is not under test. */
export function anAudited(submissions: readonly Submission[], asked: Asked = {}): Audited {
  const { rows = ['AQ-050'], kinds = ['reference'], findings = [], amended = [] } = asked;
  const ledger = loadLedger();
  const input: AuditInput = {
    now: NOW,
    rows,
    kinds,
    ledger,
    specification: [],
    checkout: new Map(),
    contracts: [],
    manifests: new Map(),
    queue: { version: 1, rows: {} },
    amendments: [],
    submissions,
    secrets: [],
  };
  const blocking = findings.filter(({ effect }) => effect === 'blocks');
  const standings = rows.flatMap((row) =>
    kinds.map((sut): RowStanding => {
      const here = blocking.filter((one) => one.row === row && (one.sut === null || one.sut === sut));
      const of = submissions.filter(({ bundle }) => bundle.predicate['phase9/v1'].sut.kind === sut);
      const assertions = (ledger.rows[row]?.assertions ?? []).flatMap(({ id, level, boundary, variants }) =>
        (variants.length > 0 ? variants : [null]).map((variant): AssertionStanding => {
          const [evidence] = of.flatMap(({ digest, records }) =>
            records
              .filter(({ listed }) => listed.id === id && listed.variant === variant)
              .map(({ listed }) => ({ bundle: digest, ...listed })),
          );
          return {
            id,
            variant,
            level,
            boundary,
            standing:
              evidence && here.some((one) => one.id === id && one.variant === variant && one.gate !== 'completion')
                ? 'refused'
                : (evidence?.verdict ?? 'missing'),
            amendment: sut === kinds[0] && amended.includes(id) ? AMENDMENT : null,
            evidence: evidence ? { bundle: evidence.bundle, path: evidence.path, sha256: evidence.sha256 } : null,
          };
        }),
      );
      const isAmended = assertions.some(({ amendment }) => amendment !== null);
      return {
        row,
        title: ledger.rows[row]?.title ?? row,
        owner: 'release engineering',
        sut,
        evidence: here.length > 0 ? 'unresolved' : 'evidence-complete',
        bundles: of.map(({ digest }) => digest),
        amendments: isAmended ? [AMENDMENT] : [],
        reasons: here.map(({ wrong }) => wrong),
        assertions,
      };
    }),
  );
  const result: AuditResult = {
    complete: blocking.length === 0,
    rows: standings,
    findings,
    bundles: submissions.map(({ digest, bundle }) => {
      const { run, producer, sut, startedAt } = bundle.predicate['phase9/v1'];
      return { digest, run, producer, sut, startedAt, result: bundle.predicate.result };
    }),
  };
  return { input, result };
}

import { requiredBy } from '../../src/audit/candidates';
import type { AuditInput, NamedContract, SpecifiedStep, Submission } from '../../src/audit/submission';
import { resultOf, subjectOf, testsOf } from '../../src/evidence/bundle';
import type { EvidenceRecord, StagedFixture } from '../../src/evidence/record';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import { sha256 } from '../../src/sha256';
import type { Boundary } from '../../src/spec/boundary';
import { type LedgerAssertion, loadLedger } from '../../src/spec/ledger';
import { SUITE } from '../../src/spec/suite-files';
import { AT, aRecord, aSummary } from '../evidence/a-record';

const ledger = loadLedger();
export const ROWS = Object.keys(ledger.rows);
export const NOW = '2026-06-01T00:00:00.000Z';

const rebuild = (row: string) => ledger.rows[row]?.requires_fixtures.includes('old-sandbox') ?? false;
const feature = (row: string) => `features/${row}.feature`;
const place = (row: string) => `${feature(row)}:5`;

const CONFIGURATION = [
  'audit/assertions.yaml',
  'src/steps/a.steps.ts',
  ...ROWS.flatMap((row) => [feature(row), `contracts/contract-${row.toLowerCase()}.yaml`]),
  SUITE,
].map((name) => ({ name, digest: { sha256: 'b'.repeat(64) } }));

/** The records of a scenario share its staged fixtures, like records that were read from disk. */
const stagedBefore = new Map<string, StagedFixture[]>();

function stagedFor(row: string, run: string): StagedFixture[] {
  const known = stagedBefore.get(`${row} ${run}`);
  if (known) return known;
  const { requires_fixtures = [], assertions = [] } = ledger.rows[row] ?? {};
  const needed = assertions.flatMap(({ needs }) => needs);
  const names = [...new Set([...requires_fixtures, ...needed, ...(rebuild(row) ? ['instance'] : [])])];
  const staged = names.map((fixture) => ({
    fixture,
    run,
    scenario: place(row),
    stagedAt: AT,
    proof:
      fixture === 'old-sandbox'
        ? { version: '1.0.0', expected: '2.0.0' }
        : fixture === 'instance'
          ? { manifest: 'an-instance', agent: 'openclaw', provider: 'compatible', model: 'a-model', messaging: '' }
          : { image: 'sha256:1' },
  }));
  stagedBefore.set(`${row} ${run}`, staged);
  return staged;
}

function reading(boundary: Boundary, source: string): EvidenceRecord['trace'][number] {
  return { boundary, source, kind: 'file', startedAt: AT, finishedAt: AT, seen: { there: true } };
}

function recordFor(row: string, assertion: LedgerAssertion, variant: string | null, run: string): EvidenceRecord {
  return aRecord({
    id: assertion.id,
    variant,
    row,
    level: assertion.level,
    boundary: assertion.boundary,
    trace: [
      reading(assertion.boundary, 'what the ledger names'),
      ...(rebuild(row)
        ? [
            reading('durable-state', 'HOME/.nemoclaw/sandboxes.json'),
            reading('durable-state', 'HOME/.nemoclaw/rebuild-backups/a/1/rebuild-manifest.json'),
            reading('gateway', 'openshell policy get --full a'),
          ]
        : []),
    ],
    run,
    scenario: place(row),
    step: `the step of ${assertion.id}`,
    fixtures: stagedFor(row, run),
  });
}

const obligation: ScenarioSummary['obligations'][number] = {
  fixture: 'what was changed',
  owed: 'a file as before',
  owedAt: AT,
  mutatedAt: AT,
  during: 'changed',
  settledAt: null,
  dischargedAt: AT,
  changed: true,
  after: 'a file as before',
  refusal: null,
};

/** A run with a passing record for every assertion of `rows`, each row in one scenario whose restore is complete. */
export function healthyRun(rows: readonly string[] = ROWS, run = 'a-run'): Submission {
  const records = rows.flatMap((row) =>
    requiredBy({ ledger }, row).map(({ assertion, variant }) => recordFor(row, assertion, variant, run)),
  );
  return submissionOf(
    run,
    records,
    rows.map((row) =>
      aSummary({ run, scenario: place(row), fixtures: stagedFor(row, run), obligations: [obligation] }),
    ),
  );
}

/** A bundle of just these records and scenarios, in the form in which a run would make it. */
export function submissionOf(
  run: string,
  records: readonly EvidenceRecord[],
  scenarios: readonly ScenarioSummary[],
): Submission {
  const submitted = records.map((record) => {
    const digest = sha256(JSON.stringify(record));
    const { id, variant, row, level, verdict, scenario } = record;
    const path = `evidence/${row}/${id}${variant === null ? '' : `--${variant}`}.json`;
    return {
      listed: { id, variant, row, level, verdict, scenario, path, sha256: digest },
      found: { sha256: digest, record },
    };
  });
  const listed = submitted.map((one) => one.listed);
  const { sut } = records[0] ?? aRecord();
  const ended = scenarios.map((one) => ({
    ...one,
    records: records
      .filter(({ scenario }) => scenario === one.scenario)
      .map(({ id, variant, verdict }) => ({ id, variant, verdict })),
  }));
  const restored = new Set(ended.filter((one) => one.restore === 'complete').map(({ scenario }) => scenario));
  const whole = [...ended, ...records].every(({ scenario }) => restored.has(scenario));
  const restore = whole ? 'complete' : 'incomplete';
  const tests = testsOf(listed, []);
  return {
    where: `reports/${run}/bundle.json`,
    digest: sha256(`${run}${JSON.stringify(listed)}`),
    bundle: {
      _type: 'https://in-toto.io/Statement/v1',
      subject: subjectOf(sut),
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: {
        result: resultOf(tests, { scenarios: ended, restore }),
        configuration: CONFIGURATION,
        ...tests,
        'phase9/v1': {
          run,
          producer: 'ci',
          profile: sut.kind === 'reference' ? 'reference' : 'live',
          sut,
          startedAt: AT,
          restore,
          records: listed,
          missing: [],
          scenarios: ended,
          files: [],
        },
      },
    },
    records: submitted,
    spoilt: [],
    unlisted: [],
    secrets: [],
    signature: null,
  };
}

const specification: SpecifiedStep[] = ROWS.flatMap((row) =>
  requiredBy({ ledger }, row).map(({ assertion: { id, redIn }, variant }) => ({
    id,
    variant,
    scenario: place(row),
    step: `the step of ${id}`,
    definition: 'src/steps/a.steps.ts:1',
    cleansUp: redIn === 'journal' ? 'what was changed' : null,
  })),
);

const contracts: NamedContract[] = ROWS.map((row) => {
  const common = {
    name: `contract-${row.toLowerCase()}`,
    rows: [row],
    features: [feature(row)],
    environment: { engine: 'docker' as const, network: 'none' as const, host: [] },
    fixtures: stagedFor(row, 'a-run').map(({ fixture }) => ({
      name: fixture,
      'staged-by': 'src/staging',
      stages: 'what its name states',
      'restored-by': 'its obligation',
    })),
    actions: ['an action'],
    assertions: (ledger.rows[row]?.assertions ?? []).map(({ id }) => id),
    boundaries: ledger.rows[row]?.boundary ?? [],
    legacy: ['test.sh'],
    substitutions: [
      { for: 'the provider', by: 'an endpoint', why: 'no account', field: 'onboarding.provider' as const },
    ],
  };
  return {
    file: `contracts/${common.name}.yaml`,
    contract: rebuild(row)
      ? { ...common, kind: 'product' as const, manifest: { name: 'an-instance' } }
      : { ...common, kind: 'installer' as const, manifest: { none: 'there is no instance yet' } },
  };
});

/** An audit input in which every row is evidence-complete; a test changes the part that it wants to see refused. */
export function healthy(submissions: readonly Submission[] = [healthyRun()]): AuditInput {
  const status = { evidence: 'unresolved' as const, bundles: [], reasons: [] };
  return {
    now: NOW,
    rows: ROWS,
    kinds: ['reference'],
    ledger,
    specification,
    checkout: new Map(CONFIGURATION.map(({ name, digest }) => [name, digest.sha256])),
    contracts,
    manifests: new Map([
      [
        'an-instance',
        { agent: 'openclaw', provider: 'nvidia', model: 'a-model', messaging: [], policyPresets: ['npm'] },
      ],
    ]),
    queue: {
      version: 1,
      rows: Object.fromEntries(
        ROWS.map((row) => [
          row,
          {
            title: row,
            owner: 'QA',
            phase: 9 as const,
            scenarios: [feature(row)],
            contracts: [`contract-${row.toLowerCase()}`],
            boundary: ledger.rows[row]?.boundary ?? [],
            status: { reference: status, product: status },
          },
        ]),
      ),
    },
    amendments: [],
    submissions,
    secrets: [],
  };
}

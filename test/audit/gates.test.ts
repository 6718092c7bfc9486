import { describe, it } from 'node:test';
import { expect } from 'chai';
import { audit } from '../../src/audit/audit';
import type { Gate } from '../../src/audit/finding';
import type { AuditInput, Submission } from '../../src/audit/submission';
import type { EvidenceRecord } from '../../src/evidence/record';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import { healthy, healthyRun, submissionOf } from './healthy';

const ID = 'rebuild.openclaw.marker-preserved';
const AFTER = '2026-01-02T03:04:06.000Z';

/** The healthy run with one record changed, and its bundle made anew: consistent in itself. */
function withRecord(change: Partial<EvidenceRecord>, id = ID): AuditInput {
  const run = healthyRun();
  return healthy([remade(run, (record) => (record.id === id ? { ...record, ...change } : record))]);
}

function remade(
  run: Submission,
  change: (record: EvidenceRecord) => EvidenceRecord,
  scenarios: (one: ScenarioSummary) => ScenarioSummary = (one) => one,
): Submission {
  const records = run.records.flatMap(({ found }) => ('record' in found ? [change(found.record)] : []));
  return submissionOf('a-run', records, run.bundle.predicate['phase9/v1'].scenarios.map(scenarios));
}

function original(id = ID): EvidenceRecord {
  const found = healthyRun().records.find(({ listed }) => listed.id === id)?.found;
  if (!found || !('record' in found)) throw new Error(id);
  return found.record;
}

/** The healthy run with what lies on disk changed for one record; its bundle lists what it listed. */
function onDisk(change: (one: Submission['records'][number]) => Submission['records'][number]): AuditInput {
  const run = healthyRun();
  return healthy([{ ...run, records: run.records.map((one) => (one.listed.id === ID ? change(one) : one)) }]);
}

function withScenario(change: (one: ScenarioSummary) => ScenarioSummary): AuditInput {
  return healthy([
    remade(
      healthyRun(),
      (record) => record,
      (one) => (one.scenario === 'features/AQ-050.feature:5' ? change(one) : one),
    ),
  ]);
}

const sameButFor = (change: Partial<AuditInput>): AuditInput => ({ ...healthy(), ...change });

/** The queue, with other scenarios planned for a row. */
function planning(row: string, scenarios: string[]): AuditInput['queue'] {
  const { rows } = healthy().queue;
  const entry = rows[row];
  if (!entry) throw new Error(row);
  return { version: 1, rows: { ...rows, [row]: { ...entry, scenarios } } };
}

interface Refusal {
  readonly of: string;
  readonly gate: Gate;
  readonly input: () => AuditInput;
  readonly says: RegExp;
  /** The assertion that the finding names; the row alone when null. */
  readonly id?: string | null;
}

const trace = original().trace;
const fixtures = original().fixtures;

const refusals: readonly Refusal[] = [
  {
    of: 'a scenario that no contract declares',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) =>
          one.contract.rows.includes('AQ-053')
            ? { ...one, contract: { ...one.contract, features: ['features/other.feature'] } }
            : one,
        ),
        queue: planning('AQ-053', ['features/other.feature']),
        specification: [
          ...healthy().specification,
          {
            id: 'spark.completes',
            variant: null,
            scenario: 'features/other.feature:1',
            step: 'a step',
            definition: 'src/steps/a.steps.ts:1',
            cleansUp: null,
          },
        ],
      }),
    says: /no contract declares/,
    id: 'overrides.model.applied',
  },
  {
    of: 'an assertion that its contract does not declare',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) => ({
          ...one,
          contract: { ...one.contract, assertions: one.contract.assertions.filter((id) => id !== ID) },
        })),
      }),
    says: /does not declare this assertion/,
  },
  {
    of: 'a fixture that its contract does not declare',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) => ({
          ...one,
          contract: {
            ...one.contract,
            fixtures: one.contract.fixtures.filter(({ name }) => name !== 'compatible-endpoint'),
          },
        })),
      }),
    says: /does not declare the fixture compatible-endpoint/,
  },
  {
    of: 'a manifest that is not there',
    gate: 'setup',
    input: () => sameButFor({ manifests: new Map() }),
    says: /which is not there|names an-instance/,
  },
  {
    of: 'an instance other than its manifest says',
    gate: 'setup',
    input: () =>
      healthy([
        remade(
          healthyRun(),
          (record) => (record.row === 'AQ-050' ? { ...record, fixtures: record.fixtures.map(anotherModel) } : record),
          (one) => (one.scenario.includes('AQ-050') ? { ...one, fixtures: one.fixtures.map(anotherModel) } : one),
        ),
      ]),
    says: /show model “another”; the manifest an-instance says “a-model”/,
  },
  {
    of: 'another provider than the manifest says, without a declared substitution',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) => ({ ...one, contract: { ...one.contract, substitutions: [] } })),
      }),
    says: /provider “compatible”; the manifest an-instance says “nvidia”/,
  },
  ...(['dry-run', 'preview', 'skipped', 'pending', 'not-executed'] as const).map(
    (execution): Refusal => ({
      of: `a verdict that was ${execution}`,
      gate: 'no-cheat',
      input: () => withRecord({ execution }),
      says: /dry run|preview|skipped|pending|not carried out/,
    }),
  ),
  { of: 'an empty trace', gate: 'no-cheat', input: () => withRecord({ trace: [] }), says: /its trace is empty/ },
  {
    of: 'a scenario that never ended',
    gate: 'no-cheat',
    input: () => {
      const run = healthyRun();
      const { scenarios } = run.bundle.predicate['phase9/v1'];
      const records = run.records.flatMap(({ found }) => ('record' in found ? [found.record] : []));
      return healthy([
        submissionOf(
          'a-run',
          records,
          scenarios.filter(({ scenario }) => !scenario.includes('AQ-053')),
        ),
      ]);
    },
    says: /did not run to its end/,
    id: 'overrides.model.applied',
  },
  {
    of: 'a trace that does not touch the boundary of the ledger',
    gate: 'boundary',
    input: () => withRecord({ trace: trace.filter(({ boundary }) => boundary !== 'sandbox') }),
    says: /does not touch sandbox/,
  },
  {
    of: 'another boundary than the ledger’s',
    gate: 'boundary',
    input: () => withRecord({ boundary: 'gateway' }),
    says: /names the boundary gateway; the ledger says sandbox/,
  },
  {
    of: 'a row none of whose records touches one of its boundaries',
    gate: 'boundary',
    input: () => {
      const { ledger } = healthy();
      const row = ledger.rows['AQ-055'];
      if (!row) throw new Error('AQ-055');
      const rows = { ...ledger.rows, 'AQ-055': { ...row, boundary: [...row.boundary, 'provider' as const] } };
      const queue = healthy().queue;
      const entry = queue.rows['AQ-055'];
      if (!entry) throw new Error('AQ-055');
      return sameButFor({
        ledger: { ...ledger, rows },
        queue: { ...queue, rows: { ...queue.rows, 'AQ-055': { ...entry, boundary: [...entry.boundary, 'provider'] } } },
      });
    },
    says: /no passing record of the row touches provider/,
    id: null,
  },
  {
    of: 'a file that is gone',
    gate: 'evidence',
    input: () => onDisk((one) => ({ ...one, found: { problem: 'it cannot be read (ENOENT)' } })),
    says: /cannot be read/,
  },
  {
    of: 'a digest that does not match',
    gate: 'evidence',
    input: () =>
      onDisk((one) => ('record' in one.found ? { ...one, found: { ...one.found, sha256: 'f'.repeat(64) } } : one)),
    says: /digest does not match/,
  },
  {
    of: 'times that are reversed',
    gate: 'evidence',
    input: () => withRecord({ startedAt: AFTER }),
    says: /ended .* before it began/,
  },
  {
    of: 'times in the future',
    gate: 'evidence',
    input: () => withRecord({ finishedAt: '2027-01-01T00:00:00.000Z' }),
    says: /lies in the future/,
  },
  {
    of: 'times outside its scenario',
    gate: 'evidence',
    input: () => withRecord({ finishedAt: AFTER }),
    says: /outside its scenario/,
  },
  {
    of: 'a reading from outside its scenario',
    gate: 'evidence',
    input: () => withRecord({ trace: trace.map((one) => ({ ...one, finishedAt: AFTER })) }),
    says: /its reading of .* lies outside/,
  },
  {
    of: 'another scenario’s fixture',
    gate: 'evidence',
    input: () =>
      withRecord({
        fixtures: fixtures.map((one) =>
          one.fixture === 'compatible-endpoint' ? { ...one, scenario: 'features/AQ-051.feature:5' } : one,
        ),
      }),
    says: /compatible-endpoint is another scenario's/,
  },
  {
    of: 'another run’s fixture',
    gate: 'evidence',
    input: () =>
      withRecord({
        fixtures: fixtures.map((one) => (one.fixture === 'compatible-endpoint' ? { ...one, run: 'another' } : one)),
      }),
    says: /compatible-endpoint is another run's/,
  },
  {
    of: 'a fixture that its scenario did not stage',
    gate: 'evidence',
    input: () =>
      withRecord({
        fixtures: fixtures.map((one) =>
          one.fixture === 'compatible-endpoint' ? { ...one, proof: { image: 'sha256:2' } } : one,
        ),
      }),
    says: /not among those that its scenario staged/,
  },
  {
    of: 'a needed fixture that was not staged',
    gate: 'evidence',
    input: () =>
      withRecord(
        {
          fixtures: original('rebuild.lifecycle.credential-preflight').fixtures.filter(
            ({ fixture }) => fixture !== 'registry-session-staging',
          ),
        },
        'rebuild.lifecycle.credential-preflight',
      ),
    says: /did not stage the fixture registry-session-staging/,
    id: 'rebuild.lifecycle.credential-preflight',
  },
  {
    of: 'a record of another run',
    gate: 'evidence',
    input: () => withRecord({ run: 'another', fixtures: fixtures.map((one) => ({ ...one, run: 'another' })) }),
    says: /of the run another/,
  },
  {
    of: 'a record about another system under test',
    gate: 'evidence',
    input: () => withRecord({ sut: { ...original().sut, treeDigest: 'c'.repeat(64) } }),
    says: /another system under test/,
  },
  {
    of: 'a bundle of an older specification',
    gate: 'evidence',
    input: () => sameButFor({ checkout: new Map([['audit/assertions.yaml', 'c'.repeat(64)]]) }),
    says: /is not the file that the run was made with/,
    id: null,
  },
  {
    of: 'a record that no bundle lists',
    gate: 'evidence',
    input: () => healthy([{ ...healthyRun(), unlisted: ['evidence/AQ-050/extra.json'] }]),
    says: /which does not list it/,
    id: null,
  },
  {
    of: 'a secret in the evidence',
    gate: 'secret',
    input: () =>
      healthy([{ ...healthyRun(), secrets: [{ file: 'messages.ndjson', line: 3, secret: 'a canary (base64)' }] }]),
    says: /the evidence holds a canary/,
    id: null,
  },
  {
    of: 'a secret in the repository',
    gate: 'secret',
    input: () => sameButFor({ secrets: [{ file: 'manifests/a.yaml', line: 3, secret: 'an nvapi- key' }] }),
    says: /a file of the repository holds an nvapi- key/,
    id: null,
  },
  {
    of: 'something that was not put back',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({
        ...one,
        obligations: one.obligations.map((owed) => ({ ...owed, dischargedAt: null, refusal: 'it is busy' })),
      })),
    says: /did not put back .*: it is busy/,
    id: null,
  },
  {
    of: 'a scenario that says it is not whole again',
    gate: 'cleanup',
    input: () => withScenario((one) => ({ ...one, restore: 'incomplete' })),
    says: /not everything was put back/,
    id: null,
  },
  {
    of: 'a put-back without a mutation',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({ ...one, obligations: one.obligations.map((owed) => ({ ...owed, mutatedAt: null })) })),
    says: /the journal shows no mutation/,
    id: 'rebuild.openclaw.blueprint-restored',
  },
  {
    of: 'a mutation that did not last',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({ ...one, obligations: one.obligations.map((owed) => ({ ...owed, changed: false })) })),
    says: /was so already/,
    id: 'rebuild.openclaw.blueprint-restored',
  },
  {
    of: 'a row that the queue does not have',
    gate: 'completeness',
    input: () => {
      const { 'AQ-054': _, ...rows } = healthy().queue.rows;
      return sameButFor({ queue: { version: 1, rows } });
    },
    says: /the work queue has no such row/,
    id: null,
  },
  {
    of: 'a required fixture that nobody staged',
    gate: 'completeness',
    input: () => {
      const { ledger } = healthy();
      const row = ledger.rows['AQ-055'];
      if (!row) throw new Error('AQ-055');
      return sameButFor({
        ledger: {
          ...ledger,
          rows: { ...ledger.rows, 'AQ-055': { ...row, requires_fixtures: ['spark-installer', 'another'] } },
        },
      });
    },
    says: /no scenario behind a passing record of the row staged another/,
    id: null,
  },
  {
    of: 'a failed core assertion',
    gate: 'completion',
    input: () => withRecord({ verdict: 'failed', reason: 'the marker is gone' }),
    says: /the system under test fails this core assertion: the marker is gone/,
  },
  {
    of: 'a core assertion that does not apply',
    gate: 'completion',
    input: () => withRecord({ verdict: 'not-applicable', reason: 'no container gateway' }, 'overlayfs.fix.onboards'),
    says: /not applicable here: no container gateway/,
    id: 'overlayfs.fix.onboards',
  },
  {
    of: 'a missing record',
    gate: 'completion',
    input: () => {
      const run = healthyRun();
      const records = run.records.flatMap(({ found }) =>
        'record' in found && found.record.id !== ID ? [found.record] : [],
      );
      return healthy([submissionOf('a-run', records, run.bundle.predicate['phase9/v1'].scenarios)]);
    },
    says: /no record of this core assertion/,
  },
  {
    of: 'an assertion that no step makes',
    gate: 'executable',
    input: () => sameButFor({ specification: healthy().specification.filter(({ id }) => id !== ID) }),
    says: /no step/,
  },
  {
    of: 'a record of another step',
    gate: 'executable',
    input: () => withRecord({ step: 'the rebuild succeeds' }),
    says: /claims to come from the step “the rebuild succeeds”/,
  },
  {
    of: 'a rebuild of a fresh sandbox',
    gate: 'phase',
    input: () => withRecord({ fixtures: fixtures.filter(({ fixture }) => fixture !== 'old-sandbox') }),
    says: /did not start from an old sandbox/,
  },
  {
    of: 'an old sandbox that was not old',
    gate: 'phase',
    input: () =>
      healthy([
        remade(
          healthyRun(),
          (record) => (record.row === 'AQ-050' ? { ...record, fixtures: record.fixtures.map(notOld) } : record),
          (one) => (one.scenario.includes('AQ-050') ? { ...one, fixtures: one.fixtures.map(notOld) } : one),
        ),
      ]),
    says: /the sandbox that it calls old ran 2.0.0/,
  },
  {
    of: 'policies that were not looked for in all three places',
    gate: 'phase',
    input: () =>
      withRecord(
        { trace: trace.filter(({ source }) => !source.includes('rebuild-backups')), boundary: 'gateway' },
        'rebuild.openclaw.custom-policy-preserved',
      ),
    says: /does not show the policy in the backup manifest/,
    id: 'rebuild.openclaw.custom-policy-preserved',
  },
  {
    of: 'installer coverage forced into a product manifest',
    gate: 'phase',
    input: () => {
      const instance = {
        fixture: 'instance',
        run: 'a-run',
        scenario: 'features/AQ-055.feature:5',
        stagedAt: original().startedAt,
        proof: { manifest: 'an-instance' },
      };
      return healthy([
        remade(
          healthyRun(),
          (record) =>
            record.id === 'spark.completes' ? { ...record, fixtures: [...record.fixtures, instance] } : record,
          (one) => (one.scenario.includes('AQ-055') ? { ...one, fixtures: [...one.fixtures, instance] } : one),
        ),
      ]);
    },
    says: /installer coverage was made with an instance of a product manifest/,
    id: 'spark.completes',
  },
];

function notOld(staged: EvidenceRecord['fixtures'][number]): EvidenceRecord['fixtures'][number] {
  return staged.fixture === 'old-sandbox' ? { ...staged, proof: { version: '2.0.0', expected: '2.0.0' } } : staged;
}

function anotherModel(staged: EvidenceRecord['fixtures'][number]): EvidenceRecord['fixtures'][number] {
  return staged.fixture === 'instance' ? { ...staged, proof: { ...staged.proof, model: 'another' } } : staged;
}

describe('the gates', () => {
  it('let complete evidence pass', () => {
    const result = audit(healthy());
    expect(result.findings).to.deep.equal([]);
    expect(result.complete).to.equal(true);
  });

  for (const { of, gate, input, says, id } of refusals) {
    it(`${gate} alone refuses ${of}`, () => {
      const result = audit(input());
      const blocking = result.findings.filter(({ effect }) => effect === 'blocks');
      expect([...new Set(blocking.map((one) => one.gate))], JSON.stringify(blocking.slice(0, 4))).to.deep.equal([gate]);
      expect(blocking.map(({ wrong }) => wrong).join('\n')).to.match(says);
      expect(blocking.map((one) => one.id)).to.include(id === undefined ? ID : id);
      expect(result.complete).to.equal(false);
    });
  }

  it('cover all ten', () => {
    expect(new Set(refusals.map(({ gate }) => gate)).size).to.equal(10);
  });
});

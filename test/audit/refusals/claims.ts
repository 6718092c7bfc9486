import { healthy, healthyRun, submissionOf } from '../healthy';
import { anotherModel, ID, planning, type Refusal, remade, sameButFor, trace, withRecord } from './changes';

/** Refusals of the setup, no-cheat and boundary gates. */
export const claims: readonly Refusal[] = [
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
    message: /no contract declares/,
    id: 'overrides.model.applied',
  },
  {
    of: 'an assertion that no feature of its contract makes',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) => ({
          ...one,
          contract: { ...one.contract, assertions: one.contract.assertions.filter((id) => id !== ID) },
        })),
      }),
    message: /no feature of the contract \S+ makes this assertion/,
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
    message: /does not declare the fixture compatible-endpoint/,
  },
  {
    of: 'a manifest that is not there',
    gate: 'setup',
    input: () => sameButFor({ manifests: new Map() }),
    message: /which is not there|names an-instance/,
  },
  {
    of: 'an instance that differs from its manifest',
    gate: 'setup',
    input: () =>
      healthy([
        remade(
          healthyRun(),
          (record) => (record.row === 'AQ-050' ? { ...record, fixtures: record.fixtures.map(anotherModel) } : record),
          (one) => (one.scenario.includes('AQ-050') ? { ...one, fixtures: one.fixtures.map(anotherModel) } : one),
        ),
      ]),
    message: /show model “another”; the manifest an-instance has “a-model”/,
  },
  {
    of: 'another provider than the manifest’s, without a declared substitution',
    gate: 'setup',
    input: () =>
      sameButFor({
        contracts: healthy().contracts.map((one) => ({ ...one, contract: { ...one.contract, substitutions: [] } })),
      }),
    message: /provider “compatible”; the manifest an-instance has “nvidia”/,
  },
  ...(['dry-run', 'preview', 'skipped', 'pending', 'not-executed'] as const).map(
    (execution): Refusal => ({
      of: `a verdict that was ${execution}`,
      gate: 'no-cheat',
      input: () => withRecord({ execution }),
      message: /dry run|preview|skipped|pending|not carried out/,
    }),
  ),
  { of: 'an empty trace', gate: 'no-cheat', input: () => withRecord({ trace: [] }), message: /its trace is empty/ },
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
    message: /did not run to its end/,
    id: 'overrides.model.applied',
  },
  {
    of: 'a trace that does not touch the boundary of the ledger',
    gate: 'boundary',
    input: () => withRecord({ trace: trace.filter(({ boundary }) => boundary !== 'sandbox') }),
    message: /does not touch sandbox/,
  },
  {
    of: 'another boundary than the ledger’s',
    gate: 'boundary',
    input: () => withRecord({ boundary: 'gateway' }),
    message: /names the boundary gateway; the ledger names sandbox/,
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
    message: /no passing record of the row touches provider/,
    id: null,
  },
];

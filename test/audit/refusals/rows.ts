import { healthy, healthyRun, submissionOf } from '../healthy';
import { fixtures, ID, notOld, original, type Refusal, remade, sameButFor, trace, withRecord } from './changes';

/** Refusals of the gates about whole rows: completeness, completion, executable assertion, and the phase’s own. */
export const rows: readonly Refusal[] = [
  {
    of: 'a row that the queue does not have',
    gate: 'completeness',
    input: () => {
      const { 'AQ-054': _, ...rows } = healthy().queue.rows;
      return sameButFor({ queue: { version: 1, rows } });
    },
    message: /the work queue has no such row/,
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
    message: /no scenario behind a passing record of the row staged another/,
    id: null,
  },
  {
    of: 'a failed core assertion',
    gate: 'completion',
    input: () => withRecord({ verdict: 'failed', reason: 'the marker is gone' }),
    message: /the system under test fails this core assertion: the marker is gone/,
  },
  {
    of: 'a core assertion that does not apply',
    gate: 'completion',
    input: () => withRecord({ verdict: 'not-applicable', reason: 'no container gateway' }, 'overlayfs.fix.onboards'),
    message: /not applicable here: no container gateway/,
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
    message: /no record of this core assertion/,
  },
  {
    of: 'an assertion that no step makes',
    gate: 'executable',
    input: () => sameButFor({ specification: healthy().specification.filter(({ id }) => id !== ID) }),
    message: /no step/,
  },
  {
    of: 'a record of another step',
    gate: 'executable',
    input: () => withRecord({ step: 'the rebuild succeeds' }),
    message: /claims to come from the step “the rebuild succeeds”/,
  },
  {
    of: 'a rebuild of a fresh sandbox',
    gate: 'phase',
    input: () => withRecord({ fixtures: fixtures.filter(({ fixture }) => fixture !== 'old-sandbox') }),
    message: /did not start from an old sandbox/,
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
    message: /the sandbox that it calls old ran 2.0.0/,
  },
  {
    of: 'policies that were not looked for in all three places',
    gate: 'phase',
    input: () =>
      withRecord(
        { trace: trace.filter(({ source }) => !source.includes('rebuild-backups')), boundary: 'gateway' },
        'rebuild.openclaw.custom-policy-preserved',
      ),
    message: /does not show the policy in the backup manifest/,
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
    message: /installer coverage was made with an instance of a product manifest/,
    id: 'spark.completes',
  },
];

import type { Submission } from '../../../src/audit/submission';
import { subjectOf } from '../../../src/evidence/bundle';
import { healthy, healthyRun } from '../healthy';
import {
  AFTER,
  type fixtures,
  ID,
  original,
  type Refusal,
  remade,
  sameButFor,
  trace,
  withRecord,
  withScenario,
} from './changes';

type Predicate = Submission['bundle']['predicate'];
type Extension = Predicate['phase9/v1'];

const BEFORE = '2025-12-31T00:00:00.000Z';
const [first] = healthyRun().bundle.predicate['phase9/v1'].scenarios;
if (!first) throw new Error('the healthy run has no scenario');

/** The healthy run with other words in its bundle. */
function saying(change: Partial<Predicate>, own: Partial<Extension> = {}, subject?: Submission['bundle']['subject']) {
  const run = healthyRun();
  const { predicate } = run.bundle;
  const extension = { ...predicate['phase9/v1'], ...own };
  const bundle = {
    ...run.bundle,
    ...(subject && { subject }),
    predicate: { ...predicate, 'phase9/v1': extension, ...change },
  };
  return healthy([{ ...run, bundle }]);
}

const ofBundle = (of: string, input: Refusal['input'], says: RegExp, gate: Refusal['gate'] = 'evidence'): Refusal => ({
  of,
  gate,
  input,
  says,
  id: null,
});

/** The fixture `name` of AQ-050 changed, in its records and in its scenario alike. */
function restaged(name: string, change: Partial<(typeof fixtures)[number]>) {
  const changed = (one: (typeof fixtures)[number]) => (one.fixture === name ? { ...one, ...change } : one);
  return healthy([
    remade(
      healthyRun(),
      (record) => (record.row === 'AQ-050' ? { ...record, fixtures: record.fixtures.map(changed) } : record),
      (one) => (one.scenario.includes('AQ-050') ? { ...one, fixtures: one.fixtures.map(changed) } : one),
    ),
  ]);
}

const owing = (change: Partial<(typeof first.obligations)[number]>) =>
  withScenario((one) => ({ ...one, obligations: one.obligations.map((owed) => ({ ...owed, ...change })) }));

/** What contradicts itself: the bundle as a whole, its records, what was staged and put back. */
export const bundles: readonly Refusal[] = [
  ofBundle(
    'a subject that is another tree',
    () => saying({}, {}, subjectOf({ ...original().sut, treeDigest: 'f'.repeat(64) })),
    /subject is not the system under test/,
  ),
  ofBundle('the reference called a product', () => saying({}, { profile: 'live' }), /profile live.*calls.*reference/),
  ofBundle(
    'a result that its records do not give',
    () => saying({ result: 'FAILED' }),
    /calls itself FAILED; .* PASSED/,
  ),
  ofBundle('a failed test whose record passes', () => saying({ failedTests: [ID] }), /failedTests are not those/),
  ofBundle('a passed test without a record', () => saying({ passedTests: [ID] }), /passedTests are not those/),
  ofBundle(
    'a record that is listed and missing at once',
    () =>
      saying(
        { result: 'FAILED', failedTests: [ID] },
        { missing: [{ id: ID, variant: null, scenario: first.scenario }] },
      ),
    /lists a record of rebuild\.openclaw\.marker-preserved, and says that there is none/,
  ),
  ofBundle(
    'a scenario that ended twice',
    () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      return saying({}, { scenarios: [first, ...scenarios] });
    },
    /tells twice how .* ended/,
  ),
  ofBundle(
    'scenarios of another run',
    () => saying({}, { scenarios: healthyRun(undefined, 'another').bundle.predicate['phase9/v1'].scenarios }),
    /ended in the run another, and the bundle is of a-run/,
  ),
  ofBundle('a scenario that began before its run', () => saying({}, { startedAt: AFTER }), /began before its run/),
  ofBundle(
    'a scenario that ends in the future',
    () => withScenario((one) => ({ ...one, finishedAt: '2027-01-01T00:00:00.000Z' })),
    /ended in the future/,
  ),
  ofBundle(
    'two bundles of one run',
    () => healthy([healthyRun(), { ...healthyRun(), where: 'reports/b/bundle.json', digest: 'e'.repeat(64) }]),
    /2 different bundles say that they are of the run a-run/,
  ),
  ofBundle(
    'a record that no bundle lists, of no row',
    () => healthy([{ ...healthyRun(), unlisted: ['evidence/aside/extra.json'] }]),
    /which does not list it/,
  ),
  ofBundle(
    'a copy of a bundle whose directory leaks',
    () => {
      const leaking = {
        ...healthyRun(),
        where: 'reports/a/bundle.json',
        secrets: [{ file: 'a', line: 1, secret: 'a canary' }],
      };
      return healthy([leaking, healthyRun()]);
    },
    /the evidence holds a canary/,
    'secret',
  ),
  {
    of: 'a verdict other than its scenario ended with',
    gate: 'evidence',
    input: () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const failed = scenarios.map((one) => ({
        ...one,
        records: one.records.map((said) => (said.id === ID ? { ...said, verdict: 'failed' as const } : said)),
      }));
      return saying({}, { scenarios: failed });
    },
    says: /it says passed; its scenario ended with failed/,
  },
  {
    of: 'a pass that its scenario does not know',
    gate: 'evidence',
    input: () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const silent = scenarios.map((one) => ({ ...one, records: one.records.filter(({ id }) => id !== ID) }));
      return saying({}, { scenarios: silent });
    },
    says: /its scenario ended without a record of it/,
  },
  {
    of: 'a pass with the reason of a failure',
    gate: 'evidence',
    input: () => withRecord({ reason: 'the marker is gone' }),
    says: /it passes, and says why it does not: the marker is gone/,
  },
  {
    of: 'a record at another place than its ID’s',
    gate: 'evidence',
    input: () => {
      const run = healthyRun();
      const moved = run.records.map((one) =>
        one.listed.id === ID ? { ...one, listed: { ...one.listed, path: 'evidence/AQ-050/other.json' } } : one,
      );
      return healthy([{ ...run, records: moved }]);
    },
    says: /a record of this ID lies at evidence\/AQ-050\/rebuild\.openclaw\.marker-preserved\.json/,
  },
  {
    of: 'a bundle that does not name its ledger',
    gate: 'evidence',
    input: () => {
      const { configuration } = healthyRun().bundle.predicate;
      return saying({ configuration: configuration.filter(({ name }) => name !== 'audit/assertions.yaml') });
    },
    says: /does not say which audit\/assertions\.yaml it was made with/,
  },
  {
    of: 'a bundle that names neither features nor contracts',
    gate: 'evidence',
    input: () => {
      const { configuration } = healthyRun().bundle.predicate;
      return saying({ configuration: configuration.filter(({ name }) => !/^(features|contracts)\//.test(name)) });
    },
    says: /which features\/AQ-050\.feature it was made with/,
  },
  {
    of: 'a fixture staged before its scenario',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { stagedAt: BEFORE }),
    says: /compatible-endpoint was staged .* before its scenario began/,
  },
  {
    of: 'a fixture staged after the record',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { stagedAt: AFTER }),
    says: /compatible-endpoint was staged .* after the record was made/,
  },
  {
    of: 'a fixture with an empty proof',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { proof: { image: ' ' } }),
    says: /compatible-endpoint has no proof that it stood/,
  },
  {
    of: 'a reading that saw nothing',
    gate: 'no-cheat',
    input: () => withRecord({ trace: trace.map((one) => ({ ...one, seen: {} })) }),
    says: /its reading of .* saw nothing/,
  },
  {
    of: 'a reading of nothing',
    gate: 'no-cheat',
    input: () => withRecord({ trace: trace.map((one, index) => (index === 0 ? { ...one, source: ' ' } : one)) }),
    says: /does not say what was read/,
  },
  ...(
    [
      ['newer than the expected one', '2.0.1', /which is newer than 2\.0\.0/],
      ['the expected one, written otherwise', 'v2.0 ', /the version that is expected/],
      ['no version', 'old', /where versions stand/],
    ] as const
  ).map(
    ([what, version, says]): Refusal => ({
      of: `an old sandbox whose version is ${what}`,
      gate: 'phase',
      input: () => restaged('old-sandbox', { proof: { version, expected: '2.0.0' } }),
      says,
    }),
  ),
  ofBundle(
    'a bundle that says that not everything was put back',
    () => saying({ result: 'FAILED' }, { restore: 'incomplete' }),
    /the bundle says that not everything was put back/,
    'cleanup',
  ),
  ofBundle(
    'something put back before it was changed',
    () => owing({ mutatedAt: AFTER }),
    /was discharged before it was mutated/,
    'cleanup',
  ),
  ofBundle(
    'something put back after the end',
    () => owing({ dischargedAt: AFTER }),
    /after the scenario had ended/,
    'cleanup',
  ),
  ofBundle('something owed before the run', () => owing({ owedAt: BEFORE }), /owed before the run began/, 'cleanup'),
  ofBundle(
    'a scenario of no record that put nothing back',
    () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const other = { ...first, scenario: 'features/other.feature:1', restore: 'incomplete' as const, records: [] };
      return saying({ result: 'FAILED' }, { scenarios: [...scenarios, other], restore: 'incomplete' });
    },
    /features\/other\.feature:1 says that not everything was put back/,
    'cleanup',
  ),
  ofBundle(
    'an extended assertion that was not run, whose scenario never told what it put back',
    () => {
      const input = sameButFor({});
      const extended = input.ledger.rows['AQ-055']?.assertions.find(({ level }) => level === 'extended');
      if (!extended) throw new Error('AQ-055 has no extended assertion');
      const dead = 'features/dead.feature:1';
      const { missing, ...own } = healthyRun().bundle.predicate['phase9/v1'];
      const records = own.records.filter(({ id }) => id !== extended.id);
      const run = healthyRun();
      const kept = run.records.filter(({ listed }) => listed.id !== extended.id);
      const passedTests = run.bundle.predicate.passedTests.filter((id) => id !== extended.id);
      const owed = [...missing, { id: extended.id, variant: null, scenario: dead }];
      const { submissions } = saying(
        { result: 'FAILED', passedTests, failedTests: [extended.id] },
        { missing: owed, records, restore: 'incomplete' },
      );
      return healthy(submissions.map((one) => ({ ...one, records: kept })));
    },
    /features\/dead\.feature:1 did not run to its end, and nothing shows what it put back/,
    'cleanup',
  ),
];

import type { Submission } from '../../../src/audit/submission';
import { subjectOf } from '../../../src/evidence/bundle';
import { SUITE } from '../../../src/spec/suite-files';
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

/** The healthy run with another predicate in its bundle. */
function stating(change: Partial<Predicate>, own: Partial<Extension> = {}, subject?: Submission['bundle']['subject']) {
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

const ofBundle = (
  of: string,
  input: Refusal['input'],
  message: RegExp,
  gate: Refusal['gate'] = 'evidence',
): Refusal => ({
  of,
  gate,
  input,
  message,
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

const registering = (change: Partial<(typeof first.obligations)[number]>) =>
  withScenario((one) => ({ ...one, obligations: one.obligations.map((entry) => ({ ...entry, ...change })) }));

/** Contradictions: of a bundle in itself, of its records, of fixtures and their restore. */
export const bundles: readonly Refusal[] = [
  ofBundle(
    'a subject that is another tree',
    () => stating({}, {}, subjectOf({ ...original().sut, treeDigest: 'f'.repeat(64) })),
    /subject is not the system under test/,
  ),
  ofBundle('the reference called a product', () => stating({}, { profile: 'live' }), /profile live.*calls.*reference/),
  ofBundle(
    'a result that its records do not give',
    () => stating({ result: 'FAILED' }),
    /calls itself FAILED; its content is PASSED/,
  ),
  ofBundle('a failed test whose record passes', () => stating({ failedTests: [ID] }), /failedTests are not those/),
  ofBundle('a passed test without a record', () => stating({ passedTests: [ID] }), /passedTests are not those/),
  ofBundle(
    'a record that is listed and missing at once',
    () =>
      stating(
        { result: 'FAILED', failedTests: [ID] },
        { missing: [{ id: ID, variant: null, scenario: first.scenario }] },
      ),
    /lists rebuild\.openclaw\.marker-preserved as a record and as missing/,
  ),
  ofBundle(
    'a scenario that ended twice',
    () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      return stating({}, { scenarios: [first, ...scenarios] });
    },
    /lists the end of .* twice/,
  ),
  ofBundle(
    'scenarios of another run',
    () => stating({}, { scenarios: healthyRun(undefined, 'another').bundle.predicate['phase9/v1'].scenarios }),
    /ended in the run another, and the bundle is of a-run/,
  ),
  ofBundle('a scenario that began before its run', () => stating({}, { startedAt: AFTER }), /began before its run/),
  ofBundle(
    'a scenario that ends in the future',
    () => withScenario((one) => ({ ...one, finishedAt: '2027-01-01T00:00:00.000Z' })),
    /ended in the future/,
  ),
  ofBundle(
    'two bundles of one run',
    () => healthy([healthyRun(), { ...healthyRun(), where: 'reports/b/bundle.json', digest: 'e'.repeat(64) }]),
    /2 different bundles claim to be of the run a-run/,
  ),
  ofBundle(
    'a run’s plan that was altered',
    () => healthy([{ ...healthyRun(), spoilt: [{ path: 'run.json', problem: 'is not as the bundle lists it' }] }]),
    /run\.json is not as the bundle lists it/,
  ),
  ofBundle(
    'a bundle that does not list plan and summaries',
    () => stating({}, { files: undefined }),
    /does not list the run’s plan and summaries/,
  ),
  ofBundle(
    'a file that is listed twice',
    () => stating({}, { files: [1, 2].map(() => ({ path: 'run.json', sha256: 'a'.repeat(64) })) }),
    /lists run\.json twice/,
  ),
  ofBundle(
    'a bundle about a product that nobody trusted signed',
    () => {
      const sut = { ...original().sut, kind: 'product' as const };
      const { submissions, ...input } = stating({}, { sut, profile: 'live' }, subjectOf(sut));
      const records = submissions.flatMap((one) =>
        one.records.map((entry) =>
          'record' in entry.found
            ? { ...entry, found: { ...entry.found, record: { ...entry.found.record, sut } } }
            : entry,
        ),
      );
      const signature = { problem: 'the bundle is not signed' };
      return { ...input, kinds: ['product'], submissions: submissions.map((one) => ({ ...one, records, signature })) };
    },
    /the bundle is not signed/,
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
    /the evidence contains a canary/,
    'secret',
  ),
  {
    of: 'a verdict other than its scenario ended with',
    gate: 'evidence',
    input: () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const failed = scenarios.map((one) => ({
        ...one,
        records: one.records.map((entry) => (entry.id === ID ? { ...entry, verdict: 'failed' as const } : entry)),
      }));
      return stating({}, { scenarios: failed });
    },
    message: /its verdict is passed; its scenario ended with failed/,
  },
  {
    of: 'a pass that is not in its scenario’s summary',
    gate: 'evidence',
    input: () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const silent = scenarios.map((one) => ({ ...one, records: one.records.filter(({ id }) => id !== ID) }));
      return stating({}, { scenarios: silent });
    },
    message: /its scenario ended without a record of it/,
  },
  {
    of: 'a pass with the reason of a failure',
    gate: 'evidence',
    input: () => withRecord({ reason: 'the marker is gone' }),
    message: /it passes, and has the reason of a failure: the marker is gone/,
  },
  {
    of: 'a record at another place than that of its ID',
    gate: 'evidence',
    input: () => {
      const run = healthyRun();
      const moved = run.records.map((one) =>
        one.listed.id === ID ? { ...one, listed: { ...one.listed, path: 'evidence/AQ-050/other.json' } } : one,
      );
      return healthy([{ ...run, records: moved }]);
    },
    message: /a record of this ID lies at evidence\/AQ-050\/rebuild\.openclaw\.marker-preserved\.json/,
  },
  {
    of: 'a bundle that does not name its ledger',
    gate: 'evidence',
    input: () => {
      const { configuration } = healthyRun().bundle.predicate;
      return stating({ configuration: configuration.filter(({ name }) => name !== 'audit/assertions.yaml') });
    },
    message: /does not state which audit\/assertions\.yaml it was made with/,
  },
  {
    of: 'a bundle that does not name the suite as a whole',
    gate: 'evidence',
    input: () => {
      const { configuration } = healthyRun().bundle.predicate;
      return stating({ configuration: configuration.filter(({ name }) => name !== SUITE) });
    },
    message: /does not state which suite it was made with/,
  },
  ofBundle(
    'a bundle without a configuration',
    () => stating({ configuration: [] }),
    /does not state which ledger and features it was made with/,
  ),
  {
    of: 'a bundle that names neither features nor contracts',
    gate: 'evidence',
    input: () => {
      const { configuration } = healthyRun().bundle.predicate;
      return stating({ configuration: configuration.filter(({ name }) => !/^(features|contracts)\//.test(name)) });
    },
    message: /which features\/AQ-050\.feature it was made with/,
  },
  {
    of: 'a fixture staged before its scenario',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { stagedAt: BEFORE }),
    message: /compatible-endpoint was staged .* before its scenario began/,
  },
  {
    of: 'a fixture staged after the record',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { stagedAt: AFTER }),
    message: /compatible-endpoint was staged .* after the record was made/,
  },
  {
    of: 'a fixture with an empty proof',
    gate: 'evidence',
    input: () => restaged('compatible-endpoint', { proof: { image: ' ' } }),
    message: /compatible-endpoint has no proof that it stood/,
  },
  {
    of: 'a reading that saw nothing',
    gate: 'no-cheat',
    input: () => withRecord({ trace: trace.map((one) => ({ ...one, seen: {} })) }),
    message: /its reading of .* saw nothing/,
  },
  {
    of: 'a reading without a source',
    gate: 'no-cheat',
    input: () => withRecord({ trace: trace.map((one, index) => (index === 0 ? { ...one, source: ' ' } : one)) }),
    message: /does not name its source/,
  },
  ...(
    [
      ['newer than the expected one', '2.0.1', /which is newer than 2\.0\.0/],
      ['the expected one, written otherwise', 'v2.0 ', /the version that is expected/],
      ['no version', 'old', /which are not both versions/],
    ] as const
  ).map(
    ([what, version, wrong]): Refusal => ({
      of: `an old sandbox whose version is ${what}`,
      gate: 'phase',
      input: () => restaged('old-sandbox', { proof: { version, expected: '2.0.0' } }),
      message: wrong,
    }),
  ),
  ofBundle(
    'a bundle that states that its restore is incomplete',
    () => stating({ result: 'FAILED' }, { restore: 'incomplete' }),
    /the bundle states that its restore is incomplete/,
    'cleanup',
  ),
  ofBundle(
    'a restore before the mutation',
    () => registering({ mutatedAt: AFTER }),
    /was restored before it was mutated/,
    'cleanup',
  ),
  ofBundle(
    'a restore after the end',
    () => registering({ dischargedAt: AFTER }),
    /after the scenario had ended/,
    'cleanup',
  ),
  ofBundle(
    'a registration before the run',
    () => registering({ owedAt: BEFORE }),
    /registered before the run began/,
    'cleanup',
  ),
  ofBundle(
    'a scenario without records that restored nothing',
    () => {
      const { scenarios } = healthyRun().bundle.predicate['phase9/v1'];
      const other = { ...first, scenario: 'features/other.feature:1', restore: 'incomplete' as const, records: [] };
      return stating({ result: 'FAILED' }, { scenarios: [...scenarios, other], restore: 'incomplete' });
    },
    /features\/other\.feature:1 states that its restore is incomplete/,
    'cleanup',
  ),
  ofBundle(
    'an extended assertion that was not run, whose scenario left no summary',
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
      const unmade = [...missing, { id: extended.id, variant: null, scenario: dead }];
      const { submissions } = stating(
        { result: 'FAILED', passedTests, failedTests: [extended.id] },
        { missing: unmade, records, restore: 'incomplete' },
      );
      return healthy(submissions.map((one) => ({ ...one, records: kept })));
    },
    /features\/dead\.feature:1 did not run to its end, and nothing shows what it restored/,
    'cleanup',
  ),
];

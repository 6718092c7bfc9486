import { healthy, healthyRun } from '../healthy';
import {
  AFTER,
  fixtures,
  onDisk,
  original,
  type Refusal,
  sameButFor,
  trace,
  withRecord,
  withScenario,
} from './changes';

/** What evidence, secret and cleanup gate refuse. */
export const records: readonly Refusal[] = [
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
];

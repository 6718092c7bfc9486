import type { AuditInput } from '../../../src/audit/submission';
import { SUITE } from '../../../src/spec/suite-files';
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

const CHANGED = 'c'.repeat(64);

/** The healthy run, audited in a checkout with other files. */
function withCheckout(change: (files: Map<string, string>) => unknown): AuditInput {
  const files = new Map(healthy().checkout);
  change(files);
  return sameButFor({ checkout: files });
}

/** Refusals of the evidence, secret and cleanup gates. */
export const records: readonly Refusal[] = [
  {
    of: 'a file that is gone',
    gate: 'evidence',
    input: () => onDisk((one) => ({ ...one, found: { problem: 'it cannot be read (ENOENT)' } })),
    message: /cannot be read/,
  },
  {
    of: 'a digest that does not match',
    gate: 'evidence',
    input: () =>
      onDisk((one) => ('record' in one.found ? { ...one, found: { ...one.found, sha256: 'f'.repeat(64) } } : one)),
    message: /digest does not match/,
  },
  {
    of: 'times that are reversed',
    gate: 'evidence',
    input: () => withRecord({ startedAt: AFTER }),
    message: /ended .* before it began/,
  },
  {
    of: 'times in the future',
    gate: 'evidence',
    input: () => withRecord({ finishedAt: '2027-01-01T00:00:00.000Z' }),
    message: /lies in the future/,
  },
  {
    of: 'times outside its scenario',
    gate: 'evidence',
    input: () => withRecord({ finishedAt: AFTER }),
    message: /outside its scenario/,
  },
  {
    of: 'a reading from outside its scenario',
    gate: 'evidence',
    input: () => withRecord({ trace: trace.map((one) => ({ ...one, finishedAt: AFTER })) }),
    message: /its reading of .* lies outside/,
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
    message: /compatible-endpoint is another scenario's/,
  },
  {
    of: 'another run’s fixture',
    gate: 'evidence',
    input: () =>
      withRecord({
        fixtures: fixtures.map((one) => (one.fixture === 'compatible-endpoint' ? { ...one, run: 'another' } : one)),
      }),
    message: /compatible-endpoint is another run's/,
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
    message: /not among those that its scenario staged/,
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
    message: /did not stage the fixture registry-session-staging/,
    id: 'rebuild.lifecycle.credential-preflight',
  },
  {
    of: 'a record of another run',
    gate: 'evidence',
    input: () => withRecord({ run: 'another', fixtures: fixtures.map((one) => ({ ...one, run: 'another' })) }),
    message: /of the run another/,
  },
  {
    of: 'a record about another system under test',
    gate: 'evidence',
    input: () => withRecord({ sut: { ...original().sut, treeDigest: 'c'.repeat(64) } }),
    message: /another system under test/,
  },
  {
    of: 'a bundle made with another ledger',
    gate: 'evidence',
    input: () => withCheckout((files) => files.set('audit/assertions.yaml', CHANGED).set(SUITE, CHANGED)),
    message: /^audit\/assertions\.yaml is not as it was when the run was made$/m,
    id: null,
  },
  {
    of: 'a bundle made with several other files',
    gate: 'evidence',
    input: () => withCheckout((files) => [...files.keys()].map((name) => files.set(name, CHANGED))),
    message: /^audit\/assertions\.yaml \(and \d+ more\) is not as it was/m,
    id: null,
  },
  {
    of: 'a bundle made with a file that is gone now',
    gate: 'evidence',
    input: () => withCheckout((files) => files.set(SUITE, CHANGED).delete('src/steps/a.steps.ts')),
    message: /^src\/steps\/a\.steps\.ts is not as it was/m,
    id: null,
  },
  {
    of: 'a bundle made without a file that exists now',
    gate: 'evidence',
    input: () => withCheckout((files) => files.set('src/new.ts', CHANGED).set(SUITE, CHANGED)),
    message: /the suite has files now that it did not have/,
    id: null,
  },
  {
    of: 'a record that no bundle lists',
    gate: 'evidence',
    input: () => healthy([{ ...healthyRun(), unlisted: ['evidence/AQ-050/extra.json'] }]),
    message: /which does not list it/,
    id: null,
  },
  {
    of: 'a secret in the evidence',
    gate: 'secret',
    input: () =>
      healthy([{ ...healthyRun(), secrets: [{ file: 'messages.ndjson', line: 3, secret: 'a canary (base64)' }] }]),
    message: /the evidence contains a canary/,
    id: null,
  },
  {
    of: 'a secret in the repository',
    gate: 'secret',
    input: () => sameButFor({ secrets: [{ file: 'manifests/a.yaml', line: 3, secret: 'an nvapi- key' }] }),
    message: /a file of the repository contains an nvapi- key/,
    id: null,
  },
  {
    of: 'a fixture that was not restored',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({
        ...one,
        obligations: one.obligations.map((entry) => ({ ...entry, dischargedAt: null, refusal: 'it is busy' })),
      })),
    message: /did not restore .*: it is busy/,
    id: null,
  },
  {
    of: 'a scenario that states that its restore is incomplete',
    gate: 'cleanup',
    input: () => withScenario((one) => ({ ...one, restore: 'incomplete' })),
    message: /states that its restore is incomplete/,
    id: null,
  },
  {
    of: 'a restore without a mutation',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({ ...one, obligations: one.obligations.map((entry) => ({ ...entry, mutatedAt: null })) })),
    message: /the journal shows no mutation/,
    id: 'rebuild.openclaw.blueprint-restored',
  },
  {
    of: 'a mutation that did not last',
    gate: 'cleanup',
    input: () =>
      withScenario((one) => ({ ...one, obligations: one.obligations.map((entry) => ({ ...entry, changed: false })) })),
    message: /was the case already before the restore/,
    id: 'rebuild.openclaw.blueprint-restored',
  },
];

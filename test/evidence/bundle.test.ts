import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { bundleOf, writeBundle } from '../../src/evidence/bundle';
import { type EvidenceRecord, readRecords, recordPath, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';
import { aPlan, aRecord, aSummary } from './a-record';

const COMPLETES = 'rebuild.openclaw.completes';
const MARKER = 'rebuild.openclaw.marker-preserved';
const MESSAGING = 'rebuild.hermes.staged-messaging';

const root = temporaryDirectory('bundle');
let number = 0;

/** The directory of a run with those records, written in that order. */
function run(
  records: readonly EvidenceRecord[],
  owed: readonly (readonly [string, string | null])[] = records.map(({ id, variant }) => [id, variant]),
  summaries: readonly ScenarioSummary[] = [aSummary()],
): string {
  number += 1;
  const directory = path.join(root, String(number));
  writeRunPlan(directory, aPlan(owed));
  for (const record of records) writeRecord(directory, record);
  mkdirSync(path.join(directory, 'scenarios'), { recursive: true });
  for (const one of summaries)
    writeFileSync(path.join(directory, 'scenarios', `${one.token}.json`), JSON.stringify(one));
  return directory;
}

describe('an evidence record', () => {
  it('is read as it was written, and lies where its ID, row and variant say', () => {
    const records = [
      aRecord(),
      aRecord({ id: MARKER, variant: 'openclaw' }),
      aRecord({ id: MARKER, variant: 'hermes' }),
    ];
    const directory = run(records);
    const read = readRecords(directory);
    expect(read.map(({ record }) => record)).to.have.deep.members(records);
    expect(read.map(({ file }) => path.relative(directory, file))).to.deep.equal(
      [
        `evidence/AQ-050/${MARKER}--hermes.json`,
        `evidence/AQ-050/${MARKER}--openclaw.json`,
        `evidence/AQ-050/${COMPLETES}.json`,
      ].sort(),
    );
  });

  it('that is none is told by its file and the reason', async () => {
    const directory = run([aRecord()]);
    const file = recordPath(directory, aRecord());
    writeFileSync(file, JSON.stringify({ ...aRecord(), verdict: 'green' }));
    expect(await rejection(() => readRecords(directory)))
      .to.include(`${file}: not an evidence record`)
      .and.include('verdict');
    expect(await rejection(() => writeRecord(directory, { ...aRecord(), startedAt: 'yesterday' }))).to.include(
      'startedAt',
    );
  });
});

describe('the bundle of a run', () => {
  const records = [
    aRecord(),
    aRecord({ id: MARKER, verdict: 'failed', reason: 'another' }),
    aRecord({ id: MESSAGING, verdict: 'not-applicable', reason: 'no such thing' }),
  ];

  it('of the same files is the same, byte for byte, in whatever order they were written', () => {
    const [one, other] = [
      run(records),
      run(
        [...records].reverse(),
        records.map(({ id }) => [id, null]),
      ),
    ];
    const bytes = (directory: string) => readFileSync(writeBundle(directory).file);
    expect(bytes(one).equals(bytes(other))).to.equal(true);
    expect(bytes(one).equals(bytes(one))).to.equal(true);
  });

  it('is an in-toto statement that names each record by its digest', () => {
    const directory = run(records);
    const { bundle, file, sha256 } = writeBundle(directory);
    expect(sha256).to.equal(createHash('sha256').update(readFileSync(file)).digest('hex'));
    expect(bundle._type).to.equal('https://in-toto.io/Statement/v1');
    expect(bundle.subject).to.deep.equal([{ name: 'NemoClaw 0.0.53 (reference)', digest: { sha256: 'a'.repeat(64) } }]);
    const { result, passedTests, failedTests, warnedTests } = bundle.predicate;
    expect({ result, passedTests, failedTests, warnedTests }).to.deep.equal({
      result: 'FAILED',
      passedTests: [COMPLETES],
      failedTests: [MARKER],
      warnedTests: [MESSAGING],
    });
    for (const one of bundle.predicate['phase9/v1'].records) {
      const content = readFileSync(path.join(directory, one.path));
      expect(one.sha256).to.equal(createHash('sha256').update(content).digest('hex'));
    }
  });

  it('lists plan and summaries by digest, the summary without the digest of the bundle that it names', () => {
    const directory = run(records);
    const summary = (bundleSha256: string, exit = 0) =>
      writeFileSync(path.join(directory, 'summary.json'), JSON.stringify({ exit, bundleSha256 }, null, 2));
    summary('');
    const { bundle, sha256 } = writeBundle(directory);
    const files = bundle.predicate['phase9/v1'].files ?? [];
    expect(files.map((one) => one.path)).to.deep.equal(['run.json', 'scenarios/p9-test-01.json', 'summary.json']);
    const plan = createHash('sha256')
      .update(readFileSync(path.join(directory, 'run.json')))
      .digest('hex');
    expect(files[0]?.sha256).to.equal(plan);
    summary(sha256);
    expect(writeBundle(directory).sha256).to.equal(sha256);
    summary(sha256, 1);
    expect(writeBundle(directory).sha256).not.to.equal(sha256);
  });

  it('says PASSED only where everything owed has passed, and WARNED where something does not apply', () => {
    const result = (...args: Parameters<typeof run>) => bundleOf(run(...args)).predicate.result;
    expect(result([aRecord()])).to.equal('PASSED');
    expect(result([aRecord(), aRecord({ id: MESSAGING, verdict: 'not-applicable', reason: '' })])).to.equal('WARNED');
    expect(result([aRecord(), aRecord({ id: MARKER, verdict: 'not-run', reason: '' })])).to.equal('FAILED');
    expect(result([aRecord()], undefined, [aSummary({ restore: 'incomplete' })])).to.equal('FAILED');
    expect(result([aRecord()], undefined, [])).to.equal('FAILED');
  });

  it('names what is owed and has no record, variant by variant', () => {
    const directory = run(
      [aRecord({ variant: 'openclaw' })],
      [
        [COMPLETES, 'openclaw'],
        [COMPLETES, 'hermes'],
      ],
    );
    const { predicate } = bundleOf(directory);
    expect(predicate['phase9/v1'].missing).to.deep.equal([
      { id: COMPLETES, variant: 'hermes', scenario: 'features/a.feature:7' },
    ]);
    expect(predicate.failedTests).to.deep.equal([`${COMPLETES} (hermes)`]);
  });

  it('shows a record that was taken away, or changed', () => {
    const directory = run([aRecord(), aRecord({ id: MARKER })]);
    const before = writeBundle(directory);
    writeRecord(directory, aRecord({ id: MARKER, observed: 'something else' }));
    expect(writeBundle(directory).sha256).not.to.equal(before.sha256);
    rmSync(recordPath(directory, aRecord()));
    const { predicate } = bundleOf(directory);
    expect([predicate.result, predicate.failedTests]).to.deep.equal(['FAILED', [COMPLETES]]);
  });
});

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { readSubmission } from '../../src/audit-input/bundles';
import { faultsBeside } from '../../src/audit-input/faults';
import { readSignature } from '../../src/audit-input/signature';
import { writeBundle } from '../../src/evidence/bundle';
import { writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { ENVELOPE, signed } from '../../src/evidence/signature';
import { printSummary } from '../../src/run/summary';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { aSigner } from '../evidence/a-signer';
import { temporaryDirectory } from '../temporary-directory';

const directory = temporaryDirectory('signed-run');
const MARKER = 'rebuild.openclaw.marker-preserved';
const signer = aSigner();
const trust = { product: [], reference: [{ name: 'QA', key: signer.publicKey }] };
const at = (name: string) => path.join(directory, name);

/** A whole run, as its coordinator leaves it, and signed. */
function makeRun(): readonly string[] {
  writeRunPlan(directory, aPlan([[aRecord().id, null]]));
  writeRecord(directory, aRecord());
  writeRecord(directory, aRecord({ id: MARKER }));
  mkdirSync(at('scenarios'));
  writeFileSync(at('scenarios/one.json'), JSON.stringify(aSummary()));
  const written = writeBundle(directory);
  const secrets = { files: 3, found: [] };
  writeFileSync(at('secrets.json'), JSON.stringify(secrets));
  printSummary({
    ...{ ...written, left: [], secrets, interrupted: false, wallMs: 1, runDirectory: directory },
    print: () => undefined,
  });
  writeFileSync(at(ENVELOPE), `${JSON.stringify(signed(readFileSync(written.file), signer.privateKey), null, 2)}\n`);
  const { files = [], records } = readSubmission(written.file, 'whole').bundle.predicate['phase9/v1'];
  return ['bundle.json', ...[...records, ...files].map((one) => one.path)];
}

/** Everything that is wrong with the run as it lies there. */
function faults(): string[] {
  const file = at('bundle.json');
  let submission: ReturnType<typeof readSubmission>;
  try {
    submission = readSubmission(file, 'for-audit');
  } catch (error) {
    return [String(error)];
  }
  const signature = readSignature(file, submission, trust);
  return [...('problem' in signature ? [signature.problem] : []), ...faultsBeside(submission)];
}

describe('a signed run', () => {
  const names = makeRun();

  it('lists its records, plan, summaries and search for secrets', () => {
    expect(names.filter((name) => !name.startsWith('evidence/'))).to.deep.equal([
      'bundle.json',
      'run.json',
      'scenarios/one.json',
      'secrets.json',
      'summary.json',
    ]);
    expect(faults()).to.deep.equal([]);
  });

  it('is refused when any byte of any of them is altered', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), (name, place, by) => {
        const before = readFileSync(at(name));
        const bytes = Buffer.from(before);
        const index = place % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ by;
        writeFileSync(at(name), bytes);
        try {
          expect(faults()).not.to.deep.equal([]);
        } finally {
          writeFileSync(at(name), before);
        }
        expect(faults()).to.deep.equal([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when its bundle was made anew over altered records', () => {
    const summary = readFileSync(at('scenarios/one.json'));
    writeFileSync(at('scenarios/one.json'), JSON.stringify(aSummary({ name: 'Another' })));
    writeBundle(directory);
    expect(faults().join('\n')).to.match(/the bundle is not the one that was signed/);
    writeFileSync(at('scenarios/one.json'), summary);
    writeBundle(directory);
    expect(faults()).to.deep.equal([]);
  });

  it('is refused when its summary names another bundle', () => {
    const before = readFileSync(at('summary.json'), 'utf8');
    writeFileSync(at('summary.json'), before.replace(/("bundleSha256": ")[^"]*/, `$1${'0'.repeat(64)}`));
    expect(faults()).to.deep.equal(['summary.json names another bundle']);
    writeFileSync(at('summary.json'), before);
  });
});

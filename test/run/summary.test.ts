import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { writeBundle } from '../../src/evidence/bundle';
import { type EvidenceRecord, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { printSummary } from '../../src/run/summary';
import { VerdictLines, verdictLine } from '../../src/run/verdict-lines';
import type { SecretSeen } from '../../src/secrets/scan';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';

const root = temporaryDirectory('summary');
let number = 0;
const fresh = (): string => {
  number += 1;
  return path.join(root, String(number));
};

describe('the line of a verdict', () => {
  it('begins with the verdict and the ID, and ends with the record’s path', () => {
    const directory = fresh();
    const line = (otherwise: Partial<EvidenceRecord>) => verdictLine(directory, aRecord(otherwise));
    const file = (name: string) => path.relative(process.cwd(), path.join(directory, 'evidence/AQ-050', name));
    const id = 'rebuild.openclaw.completes';
    expect(line({})).to.equal(`PASS: ${id} ${file(`${id}.json`)}`);
    expect(line({ verdict: 'failed', variant: 'hermes' })).to.equal(
      `FAIL: ${id} [hermes] ${file(`${id}--hermes.json`)}`,
    );
    expect(line({ verdict: 'not-run' })).to.match(/^NOT RUN: /);
    expect(line({ verdict: 'not-applicable' })).to.match(/^N\/A: /);
  });

  it('is printed once for each record, as the records come', () => {
    const directory = fresh();
    const printed: string[] = [];
    const lines = new VerdictLines(directory, (line) => printed.push(line));
    lines.printNew();
    writeRecord(directory, aRecord());
    lines.printNew();
    lines.printNew();
    expect(printed).to.have.length(1);
    writeRecord(directory, aRecord({ variant: 'hermes', verdict: 'failed', reason: '' }));
    writeRecord(directory, aRecord({ id: 'rebuild.openclaw.marker-preserved' }));
    lines.printNew();
    expect(printed.map((line) => line.split(' ')[0])).to.deep.equal(['PASS:', 'FAIL:', 'PASS:']);
  });
});

describe('the summary of a run', () => {
  const ended = (otherwise: {
    readonly records?: readonly EvidenceRecord[];
    readonly left?: readonly string[];
    readonly interrupted?: boolean;
    readonly restore?: 'complete' | 'incomplete';
    readonly leaks?: readonly SecretSeen[];
  }) => {
    const { records = [aRecord()], left = [], interrupted = false, restore = 'complete', leaks = [] } = otherwise;
    const runDirectory = fresh();
    writeRunPlan(runDirectory, aPlan(records.map(({ id, variant }) => [id, variant])));
    for (const record of records) writeRecord(runDirectory, record);
    mkdirSync(path.join(runDirectory, 'scenarios'));
    writeFileSync(path.join(runDirectory, 'scenarios', 'one.json'), JSON.stringify(aSummary({ restore })));
    const lines: string[] = [];
    const print = (line: string) => lines.push(line);
    const secrets = { files: 7, found: leaks };
    printSummary({ ...writeBundle(runDirectory), left, secrets, interrupted, wallMs: 1200, runDirectory, print });
    const summary = JSON.parse(readFileSync(path.join(runDirectory, 'summary.json'), 'utf8'));
    return { summary, text: lines.join('\n') };
  };
  const failed = aRecord({ id: 'rebuild.openclaw.marker-preserved', verdict: 'failed', reason: 'another' });

  it('counts the verdicts and names every one that is not a pass', () => {
    const notRun = aRecord({ id: 'rebuild.openclaw.backup-present', verdict: 'not-run', reason: 'no action' });
    const notApplicable = aRecord({ id: 'rebuild.hermes.completes', verdict: 'not-applicable', reason: 'none' });
    const { summary, text } = ended({ records: [aRecord(), failed, notRun, notApplicable] });
    expect(summary.verdicts).to.deep.equal({ passed: 1, failed: 1, notApplicable: 1, notRun: 1 });
    expect(text).to.include('1 passed, 1 failed, 1 not applicable, 1 not run');
    expect(summary.failedTests).to.deep.equal([notRun.id, failed.id]);
    for (const id of [notRun.id, failed.id]) expect(text).to.include(id);
  });

  it('tells the harness’ share of the time', () => {
    const { summary, text } = ended({});
    expect(summary.harnessShare).to.be.closeTo(0.05, 1e-9);
    expect(text).to.include('5.0 %');
  });

  it('ends with 0 where all is well, 1 where a check failed, 130 where it was interrupted, 3 where something is left', () => {
    expect(ended({}).summary.exit).to.equal(0);
    expect(ended({ records: [aRecord(), failed] }).summary.exit).to.equal(1);
    expect(ended({ interrupted: true }).summary.exit).to.equal(130);
    expect(ended({ restore: 'incomplete' }).summary.exit).to.equal(3);
    expect(ended({ left: ['network x: still there'] }).summary.exit).to.equal(3);
  });

  it('ends with 1 where a secret was found, and says in which file and of which kind', () => {
    const leaks = [{ file: 'junit.xml', line: 7, secret: 'a staged canary (hex)' }];
    const { summary, text } = ended({ leaks });
    expect([summary.exit, summary.leaks]).to.deep.equal([1, 1]);
    expect(text).to.include('junit.xml:7: a staged canary (hex)');
    expect(ended({ leaks, restore: 'incomplete' }).summary.exit).to.equal(3);
    expect(ended({}).text).to.include('none in 7 files');
  });

  it('contains the printed words about the restore', () => {
    const { summary, text } = ended({ left: ['network x: still there'] });
    expect(summary.restored).to.deep.equal(['NOT everything: run `npx phase9 restore`']);
    expect(text).to.include(summary.restored[0]);
  });

  it('lets what is left weigh more than the interruption, and that more than a failed check', () => {
    const records = [aRecord(), failed];
    expect(ended({ records, interrupted: true }).summary.exit).to.equal(130);
    const { summary, text } = ended({ records, interrupted: true, left: ['network x: still there'] });
    expect([summary.exit, summary.restore]).to.deep.equal([3, 'incomplete']);
    expect(text).to.include('npx phase9 restore');
    expect(ended({ records, restore: 'incomplete' }).summary.exit).to.equal(3);
  });
});

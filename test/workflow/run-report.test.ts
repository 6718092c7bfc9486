import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { annotationLine, annotationLines } from '../../src/cli/ci/github';
import { annotationsOf, readEnded, summaryOf } from '../../src/cli/ci/run-report';
import type { EvidenceRecord } from '../../src/evidence/record';
import { writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { anyText } from '../report/arbitrary';
import { temporaryDirectory } from '../temporary-directory';

const root = temporaryDirectory('run-report');
let number = 0;

/** A run as it lies in its directory. */
function ended(
  exit: number,
  records: readonly EvidenceRecord[],
  otherwise: Partial<ScenarioSummary> = {},
  owed: readonly EvidenceRecord[] = records,
) {
  number += 1;
  const directory = path.join(root, String(number));
  writeRunPlan(directory, aPlan(owed.map(({ id, variant }) => [id, variant])));
  for (const record of records) writeRecord(directory, record);
  mkdirSync(path.join(directory, 'scenarios'));
  writeFileSync(path.join(directory, 'scenarios', 'one.json'), JSON.stringify(aSummary(otherwise)));
  return readEnded('AQ-050', exit, directory);
}

const failed = aRecord({
  id: 'rebuild.openclaw.marker-preserved',
  verdict: 'failed',
  step: 'the marker file is as it was',
  reason: 'bytes: expected 1, observed 2',
});
const place = { file: 'features/a.feature', line: 7 };

describe('what a job tells of its run', () => {
  it('annotates the line of a red assertion with its sentence and reason, and nothing that passed', () => {
    const run = ended(1, [aRecord(), failed]);
    const title = 'AQ-050 rebuild.openclaw.marker-preserved failed';
    const message = 'the marker file is as it was\nbytes: expected 1, observed 2';
    expect(annotationsOf(run, [])).to.deep.equal([{ level: 'error', title, message, place }]);
    expect(summaryOf(run, [])).to.include('AQ-050: ❌ ended with 1').and.include('1 passed, 1 failed');
    expect(summaryOf(run, [])).to.include('features/a.feature').and.include('the marker file is as it was');
  });

  it('is quiet where all passed', () => {
    const run = ended(0, [aRecord()]);
    expect(annotationsOf(run, [])).to.deep.equal([]);
    expect(summaryOf(run, []))
      .to.include('AQ-050: ✅ passed')
      .and.include('1 passed, 0 failed')
      .and.not.include('| red |');
  });

  it('tells what was not run, what is missing, and what was not restored', () => {
    const notRun = aRecord({ id: 'rebuild.openclaw.backup-present', verdict: 'not-run', reason: 'no action' });
    const run = ended(3, [notRun], { restore: 'incomplete', failure: 'a container is left' }, [notRun, failed]);
    const all = annotationsOf(run, []);
    expect(all.map(({ title }) => title)).to.deep.equal([
      'AQ-050 rebuild.openclaw.backup-present was not run',
      'rebuild.openclaw.marker-preserved is missing',
      '“The owner rebuilds” did not restore everything',
    ]);
    for (const one of all) expect(one).to.deep.include({ level: 'error', place });
    expect(summaryOf(run, []))
      .to.include('0 passed, 0 failed, 0 not applicable, 2 not run')
      .and.include('a container is left');
  });

  it('tells an action that could not be carried out where no assertion tells it', () => {
    const [one] = annotationsOf(ended(1, [aRecord()], { failure: 'no engine' }), []);
    expect(one).to.include({ title: '“The owner rebuilds” failed', message: 'no engine' });
  });

  it('never ends with another status than 0 without an error', () => {
    const known = [
      {
        ...({ kind: 'reference', release: '0.0.53', id: failed.id, variant: null } as const),
        ...{ what: 'It loses the marker.', report: null, since: '2026-05-01' },
      },
    ];
    const [warning, ...more] = annotationsOf(ended(0, [failed]), known);
    expect([warning?.level, more]).to.deep.equal(['warning', []]);
    expect(warning?.message).to.include('It loses the marker.');
    for (const run of [ended(1, [failed]), ended(3, [aRecord()]), readEnded('AQ-050', 2, path.join(root, 'absent'))]) {
      expect(annotationsOf(run, known).some(({ level }) => level === 'error')).to.equal(true);
    }
  });

  it('tells of reports that cannot be read', () => {
    const directory = path.join(root, 'broken');
    mkdirSync(directory);
    writeFileSync(path.join(directory, 'run.json'), '{');
    const run = readEnded('AQ-050', 3, directory);
    expect(annotationsOf(run, [])[0]?.message).to.include('its reports cannot be read');
    expect(summaryOf(run, [])).to.include('No evidence');
  });
});

describe('the line of an annotation', () => {
  it('is one line, whatever is in it, and GitHub reads from it what was meant', () => {
    fc.assert(
      fc.property(anyText, anyText, (title, message) => {
        const line = annotationLine({ level: 'error', title, message, place });
        expect(line).not.to.match(/[\r\n]/);
        const [, properties = ''] = /^::error ([^:]*)::/.exec(line) ?? [];
        const names = properties.split(',').map((one) => one.split('=')[0]);
        expect(names).to.deep.equal(['file', 'line', 'title']);
        expect(properties.startsWith('file=features/a.feature,line=7,title=')).to.equal(true);
      }),
    );
    const text = annotationLine({ level: 'warning', title: 'a: b, 5%', message: '50% of\n::error::x' });
    expect(text).to.equal('::warning title=a%3A b%2C 5%25::50%25 of%0A::error::x');
  });

  it('contains no secret', () => {
    const token = ['ghp', 'a1B2'.repeat(9)].join('_');
    expect(annotationLine({ level: 'error', title: token, message: `x ${token}` })).not.to.include(token);
  });

  it('says how many there are where there are more than GitHub shows', () => {
    const many = Array.from(
      { length: 25 },
      (_, index) => ({ level: 'error', title: `${index}`, message: 'm' }) as const,
    );
    expect(annotationLines(many.slice(0, 10))).to.have.length(10);
    expect(annotationLines(many)).to.have.length(10);
    expect(annotationLines(many).at(-1)).to.include('title=16 more');
  });
});

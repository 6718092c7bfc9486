import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { writeBundle } from '../../src/evidence/bundle';
import { type EvidenceRecord, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { suitesOfAudit } from '../../src/report/audit-junit';
import { type Case, junitXml } from '../../src/report/junit';
import { reportModel } from '../../src/report/model';
import { suitesOfRun, writeRunJunit } from '../../src/report/run-junit';
import { label } from '../../src/report/words';
import { xmlText } from '../../src/report/xml';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';
import { aFinding, anAudited, aSubmission } from './an-audit';
import { anyText, someRecords } from './arbitrary';

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
}

/** Elements in document order, read by an independent, strict XML 1.0 parser. @throws for XML that is not well-formed. */
function parsed(xml: string): Element[] {
  const elements: Element[] = [];
  const open: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, text: '' };
    elements.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  return elements;
}

const named = (elements: readonly Element[], name: string) => elements.filter((one) => one.name === name);

describe('JUnit XML', () => {
  it('preserves any text, except for characters that XML excludes', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (name, message, text) => {
        const one: Case = {
          name,
          classname: message,
          ms: 1500,
          outcome: { is: 'failure', type: 'core', message, text },
          properties: { key: text },
        };
        const elements = parsed(junitXml([{ name, startedAt: undefined, cases: [one] }]));
        const [testcase] = named(elements, 'testcase');
        expect(testcase?.attributes).to.deep.equal({ name: xmlText(name), classname: xmlText(message), time: '1.500' });
        const [failure] = named(elements, 'failure');
        expect([failure?.attributes.message, failure?.text]).to.deep.equal([xmlText(message), xmlText(text)]);
        expect(named(elements, 'property')[0]?.attributes.value).to.equal(xmlText(text));
      }),
    );
  });

  it('keeps all characters that XML allows, and makes the others visible', () => {
    expect(xmlText('a\tb\r\né😀')).to.equal('a\tb\r\né😀');
    expect(xmlText('\u001b[0m\0\ud800\ufffe')).to.equal('␛[0m␀\ufffd\ufffd');
  });
});

const run = (records: readonly EvidenceRecord[]) =>
  suitesOfRun(aSubmission('a-run', records).bundle, records, () => 'AQ-050');

describe("a run's assertions as JUnit", () => {
  it('has a suite for each row and a case for each record, and counts that agree with them', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        const elements = parsed(junitXml(run(records)));
        const suites = named(elements, 'testsuite');
        const rows = [...new Set(records.map(({ row }) => `${row} (reference)`))].sort();
        expect(suites.map(({ attributes }) => attributes.name)).to.deep.equal(rows);
        const cases = named(elements, 'testcase').map(({ attributes }) => attributes.name);
        expect(cases).to.have.members(records.map((one) => xmlText(label(one))));
        const [all] = named(elements, 'testsuites');
        const verdicts = (verdict: string) => String(records.filter((one) => one.verdict === verdict).length);
        expect(all?.attributes).to.include({
          tests: String(records.length),
          failures: verdicts('failed'),
          errors: verdicts('not-run'),
          skipped: verdicts('not-applicable'),
        });
        for (const [one, name] of [
          ['failures', 'failure'],
          ['errors', 'error'],
          ['skipped', 'skipped'],
        ] as const) {
          expect(all?.attributes[one]).to.equal(String(named(elements, name).length));
          const sum = suites.reduce((count, { attributes }) => count + Number(attributes[one]), 0);
          expect(all?.attributes[one]).to.equal(String(sum));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('contains expected, observed and reason of a failure, the reason for not applicable, and durations', () => {
    const elements = parsed(
      junitXml(
        run([
          aRecord({
            ...{ verdict: 'failed', expected: 'one', observed: 'two', reason: 'one is not two' },
            finishedAt: '2026-01-02T03:04:07.178Z',
          }),
          aRecord({ id: 'a.b', variant: 'hermes', verdict: 'not-applicable', reason: 'it has no presets' }),
        ]),
      ),
    );
    const classname = `AQ-050.${aRecord().scenarioName}`;
    const [failure] = named(elements, 'failure');
    expect(failure?.attributes).to.deep.equal({ message: 'one is not two', type: 'core' });
    expect(failure?.text).to.equal('expected:\none\n\nobserved:\ntwo\n\nreason:\none is not two\n');
    expect(named(elements, 'skipped')[0]?.attributes.message).to.equal('it has no presets');
    expect(named(elements, 'testcase').map(({ attributes }) => attributes)).to.deep.equal([
      { name: 'rebuild.openclaw.completes', classname, file: 'features/a.feature', line: '7', time: '1.500' },
      { name: 'a.b [hermes]', classname, file: 'features/a.feature', line: '7', time: '0.000' },
    ]);
  });

  it('is written beside the bundle, with an error for a planned assertion without a record', () => {
    const directory = path.join(temporaryDirectory('junit'), 'a-run');
    const record = aRecord();
    writeRunPlan(
      directory,
      aPlan([
        [record.id, null],
        ['rebuild.openclaw.marker-preserved', null],
      ]),
    );
    writeRecord(directory, record);
    mkdirSync(path.join(directory, 'scenarios'));
    writeFileSync(path.join(directory, 'scenarios', 'one.json'), JSON.stringify(aSummary()));
    const file = writeRunJunit(directory, writeBundle(directory).bundle);
    expect(file).to.equal(path.join(directory, 'assertions.junit.xml'));
    const elements = parsed(readFileSync(file, 'utf8'));
    expect(named(elements, 'testsuite').map(({ attributes }) => attributes.name)).to.deep.equal(['AQ-050 (reference)']);
    expect(named(elements, 'testcase').map(({ attributes }) => attributes.name)).to.deep.equal([
      record.id,
      'rebuild.openclaw.marker-preserved',
    ]);
    expect(named(elements, 'error').map(({ attributes }) => attributes.type)).to.deep.equal(['missing']);
  });
});

describe("an audit's assertions as JUnit", () => {
  const audited = (...args: Parameters<typeof anAudited>) => suitesOfAudit(reportModel(anAudited(...args)));
  const outcomes = (...args: Parameters<typeof anAudited>) =>
    Object.fromEntries(audited(...args).flatMap(({ cases }) => cases.map(({ name, outcome }) => [name, outcome])));
  const id = 'rebuild.openclaw.completes';

  it('has a suite for each row and kind, and a case for each assertion of the row', () => {
    const suites = audited([], { rows: ['AQ-050', 'AQ-052'], kinds: ['reference', 'product'] });
    expect(suites.map(({ name }) => name)).to.deep.equal([
      'AQ-050 (reference)',
      'AQ-050 (product)',
      'AQ-052 (reference)',
      'AQ-052 (product)',
    ]);
    for (const { name, cases } of suites) {
      expect(new Set(cases.map((one) => one.name)).size, name)
        .to.equal(cases.length)
        .and.be.greaterThan(5);
      expect(new Set(cases.map(({ outcome }) => outcome.is))).to.deep.equal(new Set(['error']));
    }
  });

  it('passes accepted evidence, and has an error with the reason for refused evidence', () => {
    const submissions = [aSubmission('a-run', [aRecord()])];
    expect(outcomes(submissions)[id]).to.deep.equal({ is: 'passed' });
    const findings = [aFinding({ id, gate: 'boundary', wrong: 'its trace shows another boundary' })];
    expect(outcomes(submissions, { findings })[id]).to.include({
      is: 'error',
      type: 'refused',
      message: 'its trace shows another boundary',
    });
  });

  it('skips an amended assertion, with the amendment and the reason that it covers: neither red nor green', () => {
    const submissions = [aSubmission('a-run', [aRecord({ verdict: 'failed', reason: 'one is not two' })])];
    expect(outcomes(submissions)[id]).to.include({ is: 'failure', message: 'one is not two' });
    expect(outcomes(submissions, { amended: [id] })[id]).to.deep.equal({
      is: 'skipped',
      message: 'amended by audit/amendments/one.yaml: one is not two',
    });
  });

  it('does not trust a bundle about a record that does not exist', () => {
    const submission = aSubmission('a-run', [aRecord()]);
    const records = submission.records.map((one) => ({ ...one, found: { problem: 'no such file' } }));
    expect(outcomes([{ ...submission, records }])[id]).to.include({ is: 'error', type: 'no-record' });
  });
});

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import { writeBundle } from '../../src/evidence/bundle';
import { type EvidenceRecord, writeRecord } from '../../src/evidence/record';
import { writeRunPlan } from '../../src/evidence/run-plan';
import { CucumberFailures } from '../../src/run/cucumber-failures';
import { printSummary, summarySchema } from '../../src/run/summary';
import { verdictLine } from '../../src/run/verdict-lines';
import { parseKnownFailures } from '../../src/spec/known-failures';
import { AssertionsFailed } from '../../src/world/verdict';
import { aPlan, aRecord, aSummary } from '../evidence/a-record';
import { temporaryDirectory } from '../temporary-directory';

const KNOWN = 'rebuild.openclaw.completes';
const OTHER = 'rebuild.openclaw.marker-preserved';
const WHAT = 'The product does something else.';
const known = parseKnownFailures(
  'known.yaml',
  `version: 1\nknown:\n  reference:\n    v0.0.53:\n      - { id: ${KNOWN}, what: ${WHAT}, report: NVIDIA/NemoClaw#1980, since: v0.0.50 }\n`,
);
const red = (id: string, otherwise: Partial<EvidenceRecord> = {}) =>
  aRecord({ id, verdict: 'failed', reason: `${id} differs`, ...otherwise });

const root = temporaryDirectory('outcome');
let number = 0;

interface Otherwise {
  readonly records: readonly EvidenceRecord[];
  /** What the scenario says of its failure; that its assertions failed, otherwise. */
  readonly failure?: string | null;
  readonly mode?: 'fail' | 'pass';
  readonly failedInCucumber?: readonly string[];
  readonly planned?: readonly string[];
  readonly leaks?: boolean;
}

function ended({ records, mode = 'fail', failedInCucumber, planned = [], leaks = false, ...of }: Otherwise) {
  number += 1;
  const runDirectory = path.join(root, String(number));
  writeRunPlan(runDirectory, aPlan([...records.map(({ id }) => id), ...planned].map((id) => [id, null])));
  for (const record of records) writeRecord(runDirectory, record);
  const failed = records.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run');
  const usual = failed.length === 0 ? null : new AssertionsFailed(failed).message;
  const failure = of.failure === undefined ? usual : of.failure;
  const judged = records.map(({ id, variant, verdict }) => ({ id, variant, verdict }));
  mkdirSync(path.join(runDirectory, 'scenarios'));
  const scenario = aSummary({ failure, records: judged });
  writeFileSync(path.join(runDirectory, 'scenarios', 'one.json'), JSON.stringify(scenario));
  const lines: string[] = [];
  const summary = printSummary({
    ...writeBundle(runDirectory),
    left: [],
    secrets: { files: 1, found: leaks ? [{ file: 'junit.xml', line: 1, secret: 'a canary' }] : [] },
    interrupted: false,
    wallMs: 1000,
    runDirectory,
    print: (line) => lines.push(line),
    known,
    knownFailures: mode,
    failedInCucumber: failedInCucumber ?? (failure === null ? [] : [scenario.scenario]),
  });
  return { summary: summarySchema.parse(summary), text: lines.join('\n') };
}

describe('the line of a known failure', () => {
  it('says so, and what the product does', () => {
    expect(verdictLine(root, red(KNOWN), known)).to.match(
      /^FAIL \(known\): rebuild\.openclaw\.completes \S+\.json\n {4}The product does something else\. \(NVIDIA\/NemoClaw#1980\), known since v0\.0\.50$/,
    );
    expect(verdictLine(root, red(OTHER), known)).to.match(/^FAIL: \S+ \S+$/);
  });

  it('that passed says what to do; one that was not run is no known failure', () => {
    expect(verdictLine(root, aRecord(), known)).to.match(
      /^PASS: \S+ \S+\n {4}turned green: remove it from audit\/known-failures\.yaml$/,
    );
    expect(verdictLine(root, aRecord({ verdict: 'not-run' }), known)).to.match(/^NOT RUN: \S+ \S+$/);
  });
});

describe('the summary of a run with known failures', () => {
  it('counts and names them, and is still red', () => {
    const { summary, text } = ended({ records: [red(KNOWN), aRecord({ id: OTHER })] });
    expect(summary.exit).to.equal(1);
    expect(summary.failedTests).to.deep.equal([KNOWN]);
    expect(summary.knownFailures).to.deep.equal([
      { id: KNOWN, variant: null, what: WHAT, report: 'NVIDIA/NemoClaw#1980', since: 'v0.0.50' },
    ]);
    expect([summary.turnedGreen, summary.newlyRed]).to.deep.equal([[], []]);
    expect(text).to.include(
      'Known failures: 1 red, of 1 in audit/known-failures.yaml for reference 0.0.53; nothing else',
    );
    expect(text).to.include(`FAIL (known): ${KNOWN}: ${WHAT} (NVIDIA/NemoClaw#1980)`);
  });

  it('says loudly which turned green, and which other turned red', () => {
    const { summary, text } = ended({ records: [aRecord({ id: KNOWN }), red(OTHER)] });
    expect(summary.turnedGreen).to.deep.equal([{ id: KNOWN, variant: null }]);
    expect(summary.newlyRed).to.deep.equal([{ id: OTHER, variant: null }]);
    expect(text).to.include(`TURNED GREEN: ${KNOWN}, remove it from audit/known-failures.yaml`);
    expect(text).to.include(`NEWLY RED:    ${OTHER}, not known for reference 0.0.53`);
  });

  it('has none of it for a release without any', () => {
    const sut = { ...aRecord().sut, version: '0.0.54' };
    number += 1;
    const directory = path.join(root, String(number));
    writeRunPlan(directory, { ...aPlan([[KNOWN, null]]), sut });
    writeRecord(directory, red(KNOWN, { sut }));
    mkdirSync(path.join(directory, 'scenarios'));
    writeFileSync(path.join(directory, 'scenarios', 'one.json'), JSON.stringify(aSummary()));
    const lines: string[] = [];
    const summary = printSummary({
      ...writeBundle(directory),
      ...{ left: [], secrets: { files: 1, found: [] }, interrupted: false, wallMs: 1, runDirectory: directory, known },
      print: (line) => lines.push(line),
    });
    expect(summary).to.not.have.any.keys('knownFailures', 'turnedGreen', 'newlyRed');
    expect(lines.join('\n')).to.not.match(/known/i);
    expect(verdictLine(directory, red(KNOWN, { sut }), known)).to.match(/^FAIL: /);
  });

  it('ends with 0 where that is asked for and they are all that is red', () => {
    const records = [red(KNOWN), aRecord({ id: OTHER })];
    expect(ended({ records }).summary.exit).to.equal(1);
    expect(ended({ records, mode: 'pass' }).summary.exit).to.equal(0);
  });

  const otherRed: readonly (readonly [what: string, otherwise: Otherwise])[] = [
    ['another assertion failed', { records: [red(KNOWN), red(OTHER)] }],
    [
      'another assertion was not run',
      { records: [red(KNOWN), aRecord({ id: OTHER, verdict: 'not-run', reason: 'x' })] },
    ],
    ['the known failure itself was not run', { records: [aRecord({ id: KNOWN, verdict: 'not-run', reason: 'x' })] }],
    ['another assertion has no record', { records: [red(KNOWN)], planned: [OTHER] }],
    [
      'the scenario failed for something else',
      { records: [red(KNOWN)], failure: 'an action could not be carried out' },
    ],
    ['the scenario failed for something else, too', { records: [red(KNOWN)], failure: `x\n${KNOWN}` }],
    [
      'Cucumber failed a scenario without a verdict of ours',
      { records: [red(KNOWN)], failedInCucumber: ['b.feature:1'] },
    ],
    ['a secret was found', { records: [red(KNOWN)], leaks: true }],
    ['nothing known failed, and a scenario did', { records: [aRecord({ id: OTHER })], failure: 'an action' }],
  ];
  for (const [what, otherwise] of otherRed) {
    it(`ends with 1 all the same where ${what}`, () => {
      expect(ended({ ...otherwise, mode: 'pass' }).summary.exit).to.equal(1);
    });
  }
});

describe('what failed as Cucumber sees it', () => {
  const of = (...envelopes: readonly unknown[]) => {
    const failures = new CucumberFailures();
    for (const one of envelopes) failures.take(one as Envelope);
    return failures.failed;
  };
  const scenario = [
    { pickle: { id: 'p', uri: 'a.feature', location: { line: 7, column: 1 } } },
    { testCase: { id: 'c', pickleId: 'p', testSteps: [] } },
    { testCaseStarted: { id: 's', testCaseId: 'c' } },
  ];
  const step = (status: string) => ({ testStepFinished: { testCaseStartedId: 's', testStepResult: { status } } });

  it('is a scenario with a step that neither passed nor was skipped', () => {
    expect(of(...scenario, step('PASSED'), step('SKIPPED'))).to.deep.equal([]);
    for (const status of ['FAILED', 'UNDEFINED', 'AMBIGUOUS', 'PENDING']) {
      expect(of(...scenario, step('PASSED'), step(status))).to.deep.equal(['a.feature:7']);
    }
  });

  it('is a hook of the run, and a run that failed for no reason that was seen', () => {
    expect(of({ testRunHookFinished: { result: { status: 'FAILED' } } })).to.deep.equal(['a hook of the run']);
    expect(of({ testRunFinished: { success: false } })).to.deep.equal(['the run']);
    expect(of({ testRunFinished: { success: true } })).to.deep.equal([]);
  });
});

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import type { Envelope } from '@cucumber/messages';
import { expect } from 'chai';
import { execa } from 'execa';
import { REPOSITORY } from '../../src/repository';
import { temporaryDirectory } from '../temporary-directory';

const PLUGIN = `
require(${JSON.stringify(path.join(REPOSITORY, 'node_modules/ts-node/register'))});
const { DeadWorkers } = require(${JSON.stringify(path.join(REPOSITORY, 'src/run/dead-worker.ts'))});
exports.default = {
  type: 'plugin',
  coordinator({ on }) {
    const deadWorkers = new DeadWorkers();
    deadWorkers.watch();
    on('message', (envelope) => deadWorkers.take(envelope));
  },
};`;
const STEPS = `
const { Given, setParallelCanAssign } = require('@cucumber/cucumber');
const alone = (pickle) => pickle.tags.some(({ name }) => name === '@alone');
setParallelCanAssign((candidate, running) => !alone(candidate) || !running.some(alone));
Given('nothing', () => {});
Given('the worker is killed', () => new Promise(() => process.kill(process.pid, 'SIGKILL')));`;
const FEATURE = `
Feature: Workers
  @alone
  Scenario: killed
    Given nothing
    And the worker is killed
    And nothing
  @alone
  Scenario: kept back
    Given nothing
  Scenario: beside it
    Given nothing
`;

describe('a run whose worker is killed', () => {
  const directory = temporaryDirectory('dead-worker');
  const messages: Envelope[] = [];
  let exit: number | undefined;
  let printed = '';
  before(async () => {
    mkdirSync(path.join(directory, 'features'));
    for (const [name, text] of Object.entries({
      'plugin.cjs': PLUGIN,
      'steps.cjs': STEPS,
      'features/a.feature': FEATURE,
    })) {
      writeFileSync(path.join(directory, name), text);
    }
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(directory, 'node_modules'));
    const cucumber = path.join(directory, 'node_modules/@cucumber/cucumber/bin/cucumber.js');
    const options = ['--require', 'steps.cjs', '--plugin', './plugin.cjs', '--parallel', '2'];
    const formats = [
      '--format',
      'summary',
      '--format',
      'message:messages',
      '--format',
      'junit:junit',
      '--format',
      'html:html',
    ];
    const run = await execa(process.execPath, [cucumber, ...options, ...formats], {
      cwd: directory,
      // In vain, where Cucumber keeps back for good what may not run beside the scenario of the dead worker.
      timeout: 20_000,
      all: true,
      reject: false,
      env: { TS_NODE_PROJECT: path.join(REPOSITORY, 'tsconfig.json') },
    });
    exit = run.exitCode;
    printed = run.all;
    for (const line of readFileSync(path.join(directory, 'messages'), 'utf8').split('\n')) {
      if (line !== '') messages.push(JSON.parse(line));
    }
  });

  it('ends by itself, as a failed one, and its formatters with it', () => {
    expect(exit, printed).to.equal(1);
    expect(printed).to.match(/3 scenarios \(1 failed, 2 passed\)/);
    expect(printed).not.to.include('TypeError');
    expect(readFileSync(path.join(directory, 'junit'), 'utf8')).to.match(/tests="3" skipped="0" failures="1"/);
    expect(readFileSync(path.join(directory, 'html'), 'utf8')).to.match(/<\/html>\s*$/);
  });

  it('gives what was kept back because of the dead worker to the others', () => {
    const names = new Map(messages.flatMap(({ pickle }) => (pickle ? [[pickle.id, pickle.name] as const] : [])));
    const cases = new Map(
      messages.flatMap(({ testCase }) => (testCase ? [[testCase.id, names.get(testCase.pickleId)] as const] : [])),
    );
    const started = messages.flatMap(({ testCaseStarted }) => (testCaseStarted ? [testCaseStarted] : []));
    expect(started.map(({ testCaseId }) => cases.get(testCaseId))).to.have.members([
      'killed',
      'kept back',
      'beside it',
    ]);
    const finished = messages.flatMap(({ testCaseFinished }) =>
      testCaseFinished ? [testCaseFinished.testCaseStartedId] : [],
    );
    expect(finished).to.have.members(started.map(({ id }) => id));
  });

  it('says in its messages which step was under way', () => {
    const results = messages.flatMap(({ testStepFinished }) =>
      testStepFinished ? [testStepFinished.testStepResult] : [],
    );
    expect(results.map(({ status }) => status).sort()).to.deep.equal([
      'FAILED',
      'PASSED',
      'PASSED',
      'PASSED',
      'SKIPPED',
    ]);
    expect(results.find(({ status }) => status === 'FAILED')?.message).to.equal(
      'the worker that ran this scenario died',
    );
  });
});

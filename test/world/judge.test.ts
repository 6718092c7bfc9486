import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CucumberExpression, ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import { expect } from 'chai';
import { AssertionContext } from '../../src/evidence/assertion';
import { BoundaryError, Observation, Trace, type TraceEntry } from '../../src/evidence/observation';
import { readRecords } from '../../src/evidence/record';
import { ledgerEntry } from '../../src/spec/ledger';
import { lackOf, MissingCapability } from '../../src/world/capabilities';
import { carryOut, judgeStep } from '../../src/world/carry-out';
import { idsFor } from '../../src/world/scenario-steps';
import type { AssertionBody, StepAssertion, StepMeaning } from '../../src/world/step-meaning';
import { variantOf } from '../../src/world/tags';
import { AssertionsFailed, judge } from '../../src/world/verdict';
import { Phase9World } from '../../src/world/world';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';

const entry = (source: string): TraceEntry => ({
  boundary: 'host-cli',
  kind: 'command',
  source,
  startedAt: '2026-01-02T03:04:05.678Z',
  finishedAt: '2026-01-02T03:04:05.678Z',
  seen: { exit: 0 },
});
const seen = <T>(value: T, source = 'nemoclaw status'): Observation<T> => new Observation(value, entry(source));

describe('an assertion in the making', () => {
  it('keeps every comparison, those behind a wrong one too', () => {
    const a = new AssertionContext();
    a.equals('one', 1, 2);
    a.equals('two', { deep: [1] }, { deep: [1] });
    a.that('three', 'x', 'not x', false);
    expect(a.comparisons.map(({ what, holds }) => [what, holds])).to.deep.equal([
      ['one', false],
      ['two', true],
      ['three', false],
    ]);
  });

  const named: readonly (readonly [
    name: string,
    right: (a: AssertionContext) => void,
    wrong: (a: AssertionContext) => void,
    expected: string,
  ])[] = [
    ['equals', (a) => a.equals('', [1], [1]), (a) => a.equals('', 1, 2), '2'],
    ['differs', (a) => a.differs('', 1, 2), (a) => a.differs('', 2, 2), 'not 2'],
    [
      'includes, of a text',
      (a) => a.includes('', 'a word', 'word'),
      (a) => a.includes('', 'a', 'word'),
      'contains word',
    ],
    [
      'includes, of a list',
      (a) => a.includes('', ['word'], 'word'),
      (a) => a.includes('', ['words'], 'word'),
      'contains word',
    ],
    ['matches', (a) => a.matches('', 'v1', /^v\d$/), (a) => a.matches('', 'x', /^v\d$/g), '/^v\\d$/g'],
    [
      'matches, in words',
      (a) => a.matches('', 'v1', /v/, 'a version'),
      (a) => a.matches('', 'x', /v/, 'a version'),
      'a version',
    ],
    ['hasAll', (a) => a.hasAll('', ['a', 'b'], ['a']), (a) => a.hasAll('', ['b'], ['a']), 'nothing of [\n "a"\n]'],
    ['hasAll, of nothing', (a) => a.hasAll('', ['a'], ['a']), (a) => a.hasAll('', ['a'], []), 'nothing of []'],
    ['oneOf', (a) => a.oneOf('', 2, [1, 2]), (a) => a.oneOf('', 3, [1, 2]), 'one of 1, 2'],
    ['oneOf, of nothing', (a) => a.oneOf('', 2, [2]), (a) => a.oneOf('', 3, []), 'one of none'],
    ['isEmpty', (a) => a.isEmpty('', []), (a) => a.isEmpty('', ['left']), 'none'],
    ['isNotEmpty', (a) => a.isNotEmpty('', 'x'), (a) => a.isNotEmpty('', ''), 'some'],
    ['atLeast', (a) => a.atLeast('', 2, 2), (a) => a.atLeast('', 1, 2), 'at least 2'],
    ['moreThan', (a) => a.moreThan('', 3, 2), (a) => a.moreThan('', 2, 2), 'more than 2'],
    ['isTrue', (a) => a.isTrue('', true), (a) => a.isTrue('', false), 'true'],
  ];
  for (const [name, right, wrong, expected] of named) {
    it(`compares by name, in words that follow from it: ${name}`, () => {
      const a = new AssertionContext();
      right(a);
      wrong(a);
      expect(a.comparisons.map(({ holds }) => holds)).to.deep.equal([true, false]);
      expect(a.comparisons[1]?.expected).to.equal(expected);
    });
  }

  it('has each reading in its trace once, in order', () => {
    const a = new AssertionContext();
    const [one, two] = [seen(1, 'one'), seen(2, 'two')];
    expect([a.see(two), a.see(one), a.see(two)]).to.deep.equal([2, 1, 2]);
    expect(a.trace.entries.map(({ source }) => source)).to.deep.equal(['two', 'one']);
  });

  it('sees what is derived from a reading through the same reading, and a derivation that fails keeps it', async () => {
    const trace = new Trace();
    expect(
      seen('{"a":1}')
        .map((text) => JSON.parse(text).a)
        .seenIn(trace),
    ).to.equal(1);
    expect(trace.entries).to.deep.equal([entry('nemoclaw status')]);
    const broken = () => seen('{').map((text) => JSON.parse(text));
    expect(await rejection(broken)).to.match(/^nemoclaw status: /);
    expect(broken).to.throw(BoundaryError).with.deep.property('entry', entry('nemoclaw status'));
  });
});

describe('the verdict of an assertion', () => {
  const directory = temporaryDirectory('judge');
  const world = new Phase9World({
    attach: async () => undefined,
    log: () => undefined,
    link: () => undefined,
    parameters: { profile: 'reference' },
  });
  const assertions: readonly StepAssertion[] = [{ entry: ledgerEntry('rebuild.openclaw.completes'), variant: null }];
  const step = (meaning: StepMeaning<Phase9World>, makes: readonly StepAssertion[]) => ({
    text: 'the rebuild succeeds',
    definition: {
      ...{ pattern: '', file: '', line: 0, meaning },
      expression: new CucumberExpression('x', new ParameterTypeRegistry()),
    },
    args: [],
    makes,
  });
  const failing = {
    kind: 'assertion',
    id: 'rebuild.{agent}.completes',
    body: (a: AssertionContext) => a.equals('one', a.see(seen(1)), 2),
  } as const;
  const assertionStep = step(failing, assertions);
  const actionStep = step({ kind: 'action', body: async () => undefined }, []);
  const lastStep = step(failing, assertions);
  before(async () => {
    process.env.PHASE9_STATE_DIR = path.join(directory, 'state');
    process.env.PHASE9_REPORTS_DIR = path.join(directory, 'reports');
    await world.begin({
      name: 'A scenario',
      location: 'a.feature:1',
      agent: 'openclaw',
      steps: [assertionStep, actionStep, lastStep],
    });
    world.step = assertionStep;
  });
  after(async () => {
    expect(await world.own.obligations.restoreAll()).to.deep.equal([]);
    world.own.obligations.close();
    expect(existsSync(world.own.directory)).to.equal(false);
  });
  /** Each judgement here is one of a run of its own: a run has one verdict of an assertion. */
  const forgetRecords = () => rmSync(path.join(world.own.reports, 'evidence'), { recursive: true, force: true });
  beforeEach(forgetRecords);
  const judged = async (body: AssertionBody<Phase9World>) => {
    const [record] = await judge(world, assertions, body, []);
    if (!record) throw new Error('no record was written');
    return record;
  };

  it('is a pass where something was looked at and every comparison holds, and lies on disk', async () => {
    const record = await judged((a) => a.equals('exit status', a.see(seen(0)), 0));
    expect([record.id, record.verdict, record.reason]).to.deep.equal(['rebuild.openclaw.completes', 'passed', null]);
    expect(record.trace).to.deep.equal([entry('nemoclaw status')]);
    expect(record.scenario).to.equal('a.feature:1');
    const onDisk = readRecords(world.own.reports).map((one) => one.record);
    expect(onDisk).to.deep.equal([record]);
  });

  it('is failed where nothing was compared', async () => {
    const record = await judged((a) => void a.see(seen(0)));
    expect([record.verdict, record.reason]).to.deep.equal(['failed', 'the step compared nothing']);
  });

  it('is failed where nothing was looked at, however right the comparison is', async () => {
    const record = await judged((a) => a.equals('one', 1, 1));
    expect(record.verdict).to.equal('failed');
    expect(record.reason).to.include('its trace is empty');
  });

  it('is failed with all that is wrong, not only the first', async () => {
    const record = await judged((a) => {
      a.equals('one', a.see(seen(1)), 2);
      a.equals('two', 2, 2);
      a.equals('three', 3, 4);
    });
    expect(record.verdict).to.equal('failed');
    expect(record.reason).to.equal('one: expected 2; observed 1\nthree: expected 4; observed 3');
    expect(record.expected).to.equal('one: 2\ntwo: 2\nthree: 4');
  });

  it('is failed where a value could not be read, with the attempt in the trace and what was compared before', async () => {
    const record = await judged((a) => {
      a.equals('one', a.see(seen(1)), 2);
      throw new BoundaryError('the sandbox is gone', entry('openshell sandbox exec'));
    });
    expect(record.verdict).to.equal('failed');
    expect(record.reason).to.equal('the sandbox is gone\none: expected 2; observed 1');
    expect(record.trace.map(({ source }) => source)).to.deep.equal(['nemoclaw status', 'openshell sandbox exec']);
  });

  it('is not applicable, without a look, where the system lacks what the ledger asks for', async () => {
    const hermes: StepAssertion = { entry: ledgerEntry('suite.rebuild.hermes_config_preserved'), variant: 'openclaw' };
    let looked = 0;
    const meaning = {
      ...failing,
      body: () => {
        looked += 1;
      },
    };
    const [record] = await judgeStep(world, [hermes], meaning, [], 'executed');
    expect([record?.verdict, record?.reason, looked]).to.deep.equal([
      'not-applicable',
      'the sandbox runs OpenClaw, which has no Hermes configuration',
      0,
    ]);
  });

  it('is never overwritten', async () => {
    await judged((a) => a.equals('exit status', a.see(seen(1)), 0));
    expect(await rejection(() => judged((a) => a.equals('exit status', a.see(seen(0)), 0)))).to.match(
      /a first verdict is never overwritten/,
    );
    expect(readRecords(world.own.reports).map(({ record }) => record.verdict)).to.deep.equal(['failed']);
  });

  it('is given to each assertion of a step by one look', async () => {
    const both = [...assertions, { entry: ledgerEntry('rebuild.openclaw.inference-works'), variant: null }];
    let looked = 0;
    const records = await judge(
      world,
      both,
      (a) => {
        looked += 1;
        a.equals('one', a.see(seen(1)), 1);
      },
      [],
    );
    expect(records.map(({ id, verdict }) => `${id} ${verdict}`)).to.deep.equal([
      'rebuild.openclaw.completes passed',
      'rebuild.openclaw.inference-works passed',
    ]);
    expect(looked).to.equal(1);
  });

  it('that is failed stops the scenario only behind its last action', async () => {
    await carryOut(world, failing, []);
    forgetRecords();
    world.step = lastStep;
    expect(await rejection(() => carryOut(world, failing, []))).to.equal(
      new AssertionsFailed([
        { id: 'rebuild.openclaw.completes', variant: null, verdict: 'failed', reason: 'one: expected 2; observed 1' },
      ]).message,
    );
  });

  it('notes a capability that staging finds lacking as the reason, and goes on', async () => {
    const lacking = () => {
      throw new MissingCapability('second-engine', 'this host has no such device');
    };
    await carryOut(world, { kind: 'action', body: lacking }, []);
    expect([world.actionFailure, lackOf(world, ['second-engine'])]).to.deep.equal([
      undefined,
      'this host has no such device',
    ]);
  });
});

describe('the IDs of a step', () => {
  const tags = (...names: string[]) => names.map((name) => ({ name }));

  it('are those of the rows that its scenario is tagged with', () => {
    const template = {
      'AQ-050': 'rebuild.{agent}.marker-preserved',
      'AQ-052': 'suite.rebuild.workspace_state_preserved',
    };
    expect(idsFor(template, tags('@AQ-050', '@hermes'))).to.deep.equal(['rebuild.hermes.marker-preserved']);
    expect(idsFor(template, tags('@AQ-050', '@AQ-052', '@openclaw'))).to.deep.equal([
      'rebuild.openclaw.marker-preserved',
      'suite.rebuild.workspace_state_preserved',
    ]);
    expect(() => idsFor(template, tags('@AQ-053'))).to.throw('one of the tags @AQ-050, @AQ-052');
  });

  it('take the values of parameters, and refuse what has none', () => {
    expect(idsFor('overrides.{setting}.applied', [], { setting: 'model' })).to.deep.equal(['overrides.model.applied']);
    expect(() => idsFor('overrides.{setting}.applied', [])).to.throw('no parameter {setting}');
    expect(() => idsFor('rebuild.{agent}.completes', [])).to.throw('no tag @openclaw or @hermes');
  });

  it('are made in the variant that the sentence names, else the tags, else the agent', () => {
    const entry = { id: 'a.b', variants: ['full-disk', 'legacy', 'hermes'] };
    expect(variantOf(entry, tags('@hermes', '@legacy'), ['full-disk'])).to.equal('full-disk');
    expect(variantOf(entry, tags('@hermes', '@legacy').slice(1), ['another', undefined])).to.equal('legacy');
    expect(variantOf(entry, tags('@hermes'))).to.equal('hermes');
    expect(variantOf({ id: 'a.b', variants: [] }, tags('@hermes'), ['full-disk'])).to.equal(null);
    expect(() => variantOf(entry, tags('@AQ-050'))).to.throw('or its sentence names one');
    expect(() => variantOf(entry, [], ['full-disk', 'legacy'])).to.throw('exactly one');
  });

  it('that the ledger does not know are a defect of ours', () => {
    expect(() => ledgerEntry('rebuild.openclaw.no-such-thing')).to.throw('the ledger has no assertion');
  });
});

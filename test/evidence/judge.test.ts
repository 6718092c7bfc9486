import { expect } from 'chai';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AssertionContext } from '../../src/evidence/assertion';
import { BoundaryError, Observation, Trace, type TraceEntry } from '../../src/evidence/observation';
import { readRecords } from '../../src/evidence/record';
import { AssertionsFailed, judge } from '../../src/world/verdict';
import { Phase9World, type AssertionBody } from '../../src/world/world';
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
    a.isEmpty('four', [], 'none');
    a.isEmpty('five', ['left'], 'none');
    expect(a.comparisons.map(({ what, holds }) => [what, holds])).to.deep.equal([
      ['one', false],
      ['two', true],
      ['three', false],
      ['four', true],
      ['five', false],
    ]);
  });

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
  const ID = 'rebuild.{agent}.completes';
  before(async () => {
    process.env.PHASE9_STATE_DIR = path.join(directory, 'state');
    process.env.PHASE9_REPORTS_DIR = path.join(directory, 'reports');
    await world.begin({ name: 'A scenario', location: 'a.feature:1', agent: 'openclaw', tags: [], steps: [] });
    world.step = 'the rebuild succeeds';
  });
  after(async () => {
    expect(await world.own.obligations.restoreAll()).to.deep.equal([]);
    world.own.obligations.close();
    expect(existsSync(world.own.directory)).to.equal(false);
  });
  const judged = (body: AssertionBody) => judge(world, ID, body, []);

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

  it('is not applicable where the SUT has no such thing, and failed where a comparison is wrong nevertheless', async () => {
    const record = await judged((a) => {
      a.see(seen(0));
      a.notApplicable('there is no container gateway');
    });
    expect([record.verdict, record.reason]).to.deep.equal(['not-applicable', 'there is no container gateway']);
    const unseen = await judged((a) => a.notApplicable('this host runs no second engine'));
    expect([unseen.verdict, unseen.reason]).to.deep.equal(['not-applicable', 'this host runs no second engine']);
    const wrong = await judged((a) => {
      a.equals('one', a.see(seen(1)), 2);
      a.notApplicable('there is no container gateway');
    });
    expect(wrong.verdict).to.equal('failed');
  });

  it('that is failed stops the scenario only behind its last action', async () => {
    const failing = {
      kind: 'assertion',
      id: ID,
      body: (a: AssertionContext) => a.equals('one', a.see(seen(1)), 2),
    } as const;
    world.moreActionsToCome = () => true;
    await world.carryOut(failing, []);
    world.moreActionsToCome = () => false;
    expect(await rejection(() => world.carryOut(failing, []))).to.equal(
      new AssertionsFailed([
        { id: 'rebuild.openclaw.completes', variant: null, verdict: 'failed', reason: 'one: expected 2; observed 1' },
      ]).message,
    );
  });

  it('of an ID that the ledger does not know is a defect of ours', async () => {
    expect(
      await rejection(() => judge(world, 'rebuild.{agent}.no-such-thing', (a) => a.equals('', a.see(seen(1)), 1), [])),
    ).to.include('the ledger has no assertion rebuild.openclaw.no-such-thing');
  });
});

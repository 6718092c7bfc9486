import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { isClean, judge } from '../../src/cli/defects/judge';
import { type Made, scenariosOf, shardOf, trialsOf } from '../../src/cli/defects/plan';
import { worse } from '../../src/cli/trials/attempt';
import type { Defect } from '../../src/spec/defects';

function defect(name: string, red: string[], fields: Partial<Defect> = {}): Defect {
  const change = [{ file: 'reference-sut/src/x.ts', replace: name, by: '' }];
  return { name, what: 'It is wrong.', change, red, also: [], alone: false, ...fields };
}

const SCENARIOS: readonly Made[] = [
  { location: 'a.feature:1', scenario: 'The first', ids: ['x.1', 'x.2', 'x.3'] },
  { location: 'b.feature:1', scenario: 'The second', ids: ['x.1', 'y.1'] },
];
const tried = (defects: readonly Defect[], together = 4) =>
  trialsOf(defects, SCENARIOS, together).map(({ location, defects: own }) => [
    location,
    ...own.map(({ name }) => name),
  ]);

describe('the trials of defects', () => {
  it('try a defect in the first scenario that makes its assertion, or in the named one', () => {
    expect(scenariosOf(defect('d', ['x.1']), SCENARIOS).map(({ location }) => location)).to.deep.equal(['a.feature:1']);
    const named = defect('d', ['x.1'], { scenario: 'second' });
    expect(scenariosOf(named, SCENARIOS).map(({ location }) => location)).to.deep.equal(['b.feature:1']);
  });

  it('try it in each scenario that makes one of its assertions for the first time', () => {
    expect(tried([defect('d', ['x.1', 'y.1'])])).to.deep.equal([
      ['a.feature:1', 'd'],
      ['b.feature:1', 'd'],
    ]);
  });

  it('put independent defects into one run, and no others', () => {
    const one = defect('one', ['x.1']);
    expect(tried([one, defect('two', ['x.2'])])).to.deep.equal([['a.feature:1', 'one', 'two']]);
    expect(tried([one, defect('two', ['x.1'])])).to.have.lengthOf(2);
    expect(tried([one, defect('two', ['x.2'], { also: ['x.1'] })])).to.have.lengthOf(2);
    expect(tried([one, defect('two', ['x.2'], { alone: true })])).to.have.lengthOf(2);
    expect(tried([one, defect('two', ['x.2'], { change: one.change })])).to.have.lengthOf(2);
    expect(tried([one, defect('two', ['x.2']), defect('three', ['x.3'])], 2)).to.have.lengthOf(2);
  });

  it('are divided among shards without loss', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 9 }), (trials, of) => {
        const parts = Array.from({ length: of }, (_, at) => shardOf(trials, { index: at + 1, of }));
        expect(parts.flat().sort()).to.deep.equal([...trials].sort());
      }),
    );
  });
});

describe('the judgement of a trial', () => {
  const pair = [defect('one', ['x.1'], { also: ['x.3'] }), defect('two', ['x.2'])];

  it('is clean where exactly the declared assertions are red', () => {
    expect(isClean(judge(pair, { 'x.1': 'failed', 'x.2': 'failed', 'x.3': 'not-run', 'y.1': 'passed' }))).to.equal(
      true,
    );
    expect(isClean(judge(pair, { 'x.1': 'failed', 'x.2': 'failed', 'x.3': 'passed' }))).to.equal(true);
  });

  it('names what is not red, and what is red undeclared', () => {
    const [one, two] = judge(pair, { 'x.1': 'failed', 'x.2': 'passed', 'y.1': 'failed' });
    expect(one).to.deep.equal({ defect: 'one', seen: ['x.1'], missed: [], undeclared: ['y.1'] });
    expect(two).to.deep.equal({ defect: 'two', seen: [], missed: ['x.2'], undeclared: ['y.1'] });
  });

  it('takes an assertion that was not run for no proof', () => {
    expect(judge(pair, { 'x.1': 'not-run', 'x.2': 'failed' })[0]?.missed).to.deep.equal(['x.1']);
  });

  it('counts the worst verdict of several variants', () => {
    expect(worse('passed', 'failed')).to.equal('failed');
    expect(worse('failed', 'passed')).to.equal('failed');
    expect(worse('passed', 'not-applicable')).to.equal('passed');
    expect(worse(undefined, 'passed')).to.equal('passed');
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { compareTimes, difference } from '../../src/audit/compare/times';
import type { ScenarioSummary } from '../../src/evidence/scenario-summary';
import { aRecord, aSummary } from '../evidence/a-record';
import { aSubmission } from '../report/an-audit';

const times = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 5 });

describe('a difference of times', () => {
  it('is mirrored when the sides are swapped, and does not depend on the order of measurements', () => {
    const mirrored = { slower: 'faster', faster: 'slower', same: 'same' } as const;
    fc.assert(
      fc.property(times, times, (a, b) => {
        const there = difference(a, b);
        const back = difference(b, a);
        expect(back.is).to.equal(mirrored[there.is]);
        expect(back.noise).to.equal(there.noise);
        expect(difference([...a].reverse(), [...b].reverse())).to.deep.equal(there);
      }),
    );
  });

  it('is nothing between a side and itself', () => {
    fc.assert(
      fc.property(times, (a) => {
        expect(difference(a, a)).to.deep.include({ difference: 0, is: 'same' });
      }),
    );
  });

  it('counts from 20 % and 2 s with one run a side', () => {
    expect(difference([10_000], [12_000]).is).to.equal('same');
    expect(difference([10_000], [12_600]).is).to.equal('slower');
    expect(difference([1000], [2900]).is).to.equal('same');
    expect(difference([100_000], [124_000]).is).to.equal('same');
    expect(difference([100_000], [126_000]).is).to.equal('slower');
    expect(difference([126_000], [100_000]).is).to.equal('faster');
  });

  it('counts from the spread of the runs with several, and from half a second', () => {
    expect(difference([10_000, 10_100], [10_900, 11_000]).is).to.equal('slower');
    expect(difference([10_000, 11_500], [11_400, 12_100]).is).to.equal('same');
    expect(difference([20, 21], [30, 31]).is).to.equal('same');
    expect(difference([10_000, 10_100], [11_000]).noise).to.equal(2200);
  });
});

describe('the times of two sides', () => {
  type Scenario = readonly [at: string, name: string, wallMs: number, ids: readonly string[], failure?: string];
  const run = (...scenarios: readonly Scenario[]) => {
    const records = scenarios.flatMap(([scenario, , , ids]) => ids.map((id) => aRecord({ id, scenario })));
    const summaries = scenarios.map(
      ([scenario, name, wallMs, , failure = null]): ScenarioSummary => aSummary({ scenario, name, wallMs, failure }),
    );
    return aSubmission('a-run', records, summaries).bundle.predicate['phase9/v1'];
  };

  it('recognise a scenario by its assertions, whatever its name and line', () => {
    const { scenarios, onlyIn } = compareTimes(
      [run(['a.feature:3', 'Old words', 10_000, ['x', 'y']])],
      [run(['moved/b.feature:9', 'New words', 30_000, ['y']])],
    );
    expect(scenarios.map(({ name, is }) => [name, is])).to.deep.equal([['New words', 'slower']]);
    expect(onlyIn).to.deep.equal({ a: [], b: [] });
  });

  it('compare one that was split with its parts together', () => {
    const { scenarios } = compareTimes(
      [run(['a.feature:3', 'Whole', 10_000, ['x', 'y']])],
      [run(['a.feature:3', 'One', 4000, ['x']], ['a.feature:8', 'Other', 6000, ['y']])],
    );
    expect(scenarios.map(({ name, a, b, is }) => [name, a, b, is])).to.deep.equal([
      ['One + Other', 10_000, 10_000, 'same'],
    ]);
  });

  it('recognise one without assertions by file, name and place', () => {
    const { scenarios, onlyIn } = compareTimes(
      [run(['a.feature:3', 'Example', 1000, []], ['a.feature:4', 'Example', 9000, []])],
      [
        run(
          ['a.feature:13', 'Example', 1100, []],
          ['a.feature:14', 'Example', 9100, []],
          ['b.feature:1', 'Example', 5, []],
        ),
      ],
    );
    expect(scenarios.map(({ a, b }) => [a, b])).to.deep.equal([
      [1000, 1100],
      [9000, 9100],
    ]);
    expect(onlyIn).to.deep.equal({ a: [], b: ['Example'] });
  });

  it('do not compare one that failed on one side only; on both it counts', () => {
    const whole: Scenario = ['a.feature:3', 'Whole', 10_000, ['x']];
    const failed: Scenario = ['a.feature:3', 'Whole', 1000, ['x'], 'an action'];
    expect(compareTimes([run(whole)], [run(failed)])).to.deep.include({
      scenarios: [],
      total: null,
      notComparable: ['Whole'],
    });
    expect(compareTimes([run(failed)], [run(failed)]).scenarios).to.have.length(1);
  });

  it('add up to the total of each run that ran all of them, else of the medians', () => {
    const both = (one: number, other: number) =>
      run(['a.feature:3', 'One', one, ['x']], ['a.feature:8', 'Other', other, ['y']]);
    const { total } = compareTimes([both(1000, 2000), both(1100, 2300)], [both(5000, 5000)]);
    expect([total?.a, total?.b, total?.runs]).to.deep.equal([3200, 10_000, { a: 2, b: 1 }]);
    const parts = [run(['a.feature:3', 'One', 1000, ['x']]), run(['a.feature:8', 'Other', 2000, ['y']])];
    expect(compareTimes(parts, [both(1000, 2000)]).total).to.deep.include({ a: 3000, b: 3000, runs: { a: 1, b: 1 } });
  });
});

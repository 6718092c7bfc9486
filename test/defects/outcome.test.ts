import { describe, it } from 'node:test';
import { expect } from 'chai';
import { outcomeOf } from '../../src/cli/defects/outcome';
import type { TrialResult } from '../../src/cli/defects/results';
import { unclear } from '../../src/cli/defects/run-trials';
import type { Defect } from '../../src/spec/defects';

const defect = (name: string, red: string[]): Defect => ({
  ...{ name, what: 'It is wrong.', red, also: [], alone: false },
  change: [{ file: 'reference-sut/src/x.ts', replace: name, by: '' }],
});
const [one, two] = [defect('one', ['x.1']), defect('two', ['x.2'])];
const result = (location: string, defects: string[], verdicts: TrialResult['verdicts']): TrialResult => ({
  ...{ location, scenario: 'S', defects, verdicts, exit: 1, seconds: 1, at: '2026-11-25T10:00:00Z' },
});
const state = { suite: 'a'.repeat(64), sut: 'b'.repeat(64), name: 's' };
const ofDefects = (...results: TrialResult[]) => {
  const { proofs, faults, passed } = outcomeOf(results, [one, two], ['x.1', 'x.2'], state);
  return { proofs: proofs.map(({ id }) => id), faults: faults.map((fault) => fault.defect), passed };
};
const green = result('a:1', [], { 'x.1': 'passed', 'x.2': 'passed' });

describe('the outcome of trials', () => {
  it('is a proof for each assertion that was red as declared, and green without', () => {
    const both = result('a:1', ['one', 'two'], { 'x.1': 'failed', 'x.2': 'failed' });
    expect(ofDefects(both, green)).to.deep.equal({ proofs: ['x.1', 'x.2'], faults: [], passed: true });
    expect(ofDefects(both)).to.deep.equal({ proofs: [], faults: ['one', 'two'], passed: false });
  });

  it('is what a defect showed alone, whatever it showed beside others', () => {
    const beside = result('a:1', ['one', 'two'], { 'x.1': 'failed', 'x.2': 'passed' });
    const alone = result('a:1', ['one'], { 'x.1': 'passed', 'x.2': 'passed' });
    expect(ofDefects(beside, alone)).to.deep.equal({ proofs: [], faults: ['two', 'one'], passed: false });
  });
});

describe('a trial', () => {
  it('is judged by its own scenario', () => {
    const clear = result('a:1', ['one'], { 'x.1': 'failed' });
    const trial = { location: 'b:1', scenario: 'S', defects: [one] };
    expect(unclear(trial, [clear, result('b:1', ['one'], { 'x.1': 'passed' })])).to.equal(true);
    expect(unclear({ ...trial, location: 'a:1' }, [clear])).to.equal(false);
  });
});

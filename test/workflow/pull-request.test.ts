import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { faultsOf, namesIssue, rowsIn } from '../../src/cli/ci/pull-request';

const rows = ['AQ-050', 'AQ-051', 'AQ-052', 'AQ-053'];

describe('the text of a pull request', () => {
  it('names rows one by one and by ranges', () => {
    expect(rowsIn('Covers AQ-052, AQ-050 and (AQ-052).')).to.deep.equal(['AQ-050', 'AQ-052']);
    for (const range of [
      'AQ-050…AQ-053',
      'AQ-050 - AQ-053',
      'AQ-050 through AQ-053',
      'AQ-050–AQ-053',
      'AQ-050...AQ-053',
    ]) {
      expect(rowsIn(range), range).to.deep.equal(rows);
    }
    expect(rowsIn('AQ-0505, xAQ-050, AQ-05, aq-050')).to.deep.equal([]);
    expect(rowsIn('AQ-053 to AQ-050')).to.deep.equal(['AQ-053']);
  });

  it('refers to the issue by number or address', () => {
    for (const text of ['#4355', 'Closes #4355.', '(#4355)', 'https://github.com/NVIDIA/NemoClaw/issues/4355']) {
      expect(namesIssue(text), text).to.equal(true);
    }
    for (const text of ['#43556', '4355', 'x#4355', '&#4355;', '/issues/43550', '/pull/4355']) {
      expect(namesIssue(text), text).to.equal(false);
    }
  });

  it('will do with one row of the queue and the issue', () => {
    expect(faultsOf('AQ-051, see #4355', rows)).to.deep.equal([]);
    expect(faultsOf('', rows)).to.have.length(2);
    expect(faultsOf('AQ-051', rows)).to.have.length(1);
    expect(faultsOf('#4355', rows).join()).to.include('AQ-050, AQ-051, AQ-052, AQ-053');
    expect(faultsOf('AQ-051 and AQ-999, #4355', rows).join()).to.include('AQ-999');
  });

  it('can be anything at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(faultsOf(text, rows)).to.have.length(2);
      }),
    );
  });
});

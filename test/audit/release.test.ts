import { describe, it } from 'node:test';
import { expect } from 'chai';
import { releaseFaults, type Sensitivity } from '../../src/audit/release';
import type { AuditResult } from '../../src/audit/result';

const SUITE = 'a'.repeat(64);
const SUT = 'b'.repeat(64);
const OTHER = 'c'.repeat(64);

const standing = (id: string) => ({ id }) as AuditResult['rows'][number]['assertions'][number];
const rows = [{ row: 'AQ-053', assertions: [standing('x.1'), standing('x.2')] }] as unknown as AuditResult['rows'];

const proof = (id: string, suite = SUITE): Sensitivity['proofs'][number] => ({
  ...{ id, defect: 'd', change: OTHER, scenario: 'f:1', scenarioName: 'F', beside: [], at: '2026-11-25T10:00:00Z' },
  ...{ suite, sut: SUT },
});
const soak = (fields: Partial<Sensitivity['soaks'][number]> = {}): Sensitivity['soaks'][number] => ({
  ...{ at: '2026-11-25T10:00:00Z', suite: SUITE, sut: SUT, rows: ['AQ-053'], times: 20, parallel: 2, load: 0 },
  ...{ machine: { cpus: 2, memoryMiB: 1 }, seconds: [], reds: [] },
  ...fields,
});
const fit: Sensitivity = {
  ...{ proofs: [proof('x.1'), proof('x.2')], survivors: [], soaks: [soak()], suite: SUITE, sut: SUT },
};
const faults = (fields: Partial<Sensitivity>) => releaseFaults({ rows }, { ...fit, ...fields });

describe('a release', () => {
  it('is fit with a proof for each assertion, no hole, and enough runs without a red', () => {
    expect(faults({})).to.deep.equal([]);
  });

  it('wants a proof that holds for this suite and SUT', () => {
    expect(faults({ proofs: [proof('x.1')] })).to.deep.equal([
      { row: 'AQ-053', wrong: 'no defect was seen to turn them red (phase9 defects)', ids: ['x.2'] },
    ]);
    const [fault] = faults({ proofs: [proof('x.1'), proof('x.2', OTHER)] });
    expect(fault).to.include({ wrong: 'they were seen red with another suite or SUT (phase9 defects)' });
    expect(fault?.ids).to.deep.equal(['x.2']);
  });

  it('wants enough runs of the row, none of them red', () => {
    for (const soaks of [[], [soak({ times: 19 })], [soak({ suite: OTHER })], [soak({ rows: ['AQ-050'] })]]) {
      expect(faults({ soaks })[0]?.wrong).to.match(/of 20 runs on the healthy SUT were made/);
    }
    expect(faults({ soaks: [soak({ times: 12 }), soak({ times: 8, load: 8 })] })).to.deep.equal([]);
    const red = soak({ reds: [{ run: 'r', id: 'x.1', reason: 'why' }] });
    expect(faults({ soaks: [red] })).to.deep.equal([{ row: 'AQ-053', wrong: 'red on the healthy SUT', ids: ['x.1'] }]);
  });

  it('wants every hole closed', () => {
    const survivor = { id: 'm', seed: 's', what: 'w', verdict: 'hole', why: 'y' } as const;
    expect(faults({ survivors: [survivor] })[0]?.wrong).to.match(/1 mutants are judged to show a hole/);
    expect(faults({ survivors: [{ ...survivor, verdict: 'outside' }] })).to.deep.equal([]);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { joinedProofs } from '../../src/cli/ci/defects-job';
import { unsuccessfulJobs } from '../../src/cli/ci/jobs';
import { partsOf } from '../../src/cli/ci/matrix';
import { type Need, stillMissing } from '../../src/cli/ci/runner';
import type { Proof } from '../../src/spec/proofs';

describe('the jobs before', () => {
  const results = fc.dictionary(
    fc.string({ minLength: 1 }),
    fc.constantFrom('success', 'failure', 'cancelled', 'skipped'),
    {
      minKeys: 1,
      noNullPrototype: true,
    },
  );

  it('succeeded only where each of them did: a skipped one did not', () => {
    fc.assert(
      fc.property(results, (jobs) => {
        const needs = Object.fromEntries(Object.entries(jobs).map(([job, result]) => [job, { result, outputs: {} }]));
        const other = Object.entries(jobs).flatMap(([job, result]) =>
          result === 'success' ? [] : [`${job}: ${result}`],
        );
        expect(unsuccessfulJobs(JSON.stringify(needs))).to.have.members(other);
      }),
    );
  });

  it('are never none', () => {
    for (const text of [undefined, '', '{}', '[]', 'null', '{"row": "success"}']) {
      expect(() => unsuccessfulJobs(text), String(text)).to.throw('toJSON(needs)');
    }
  });
});

describe('the parts of the defects', () => {
  it('are as many as were asked for, each once', () => {
    for (let parts = 1; parts <= 64; parts += 1) {
      const { part, of } = partsOf(String(parts));
      expect([part.length, new Set(part).size, Math.max(...part), of]).to.deep.equal([parts, parts, parts, [parts]]);
    }
  });
});

describe('the proofs of all parts', () => {
  const state = { suite: 'a'.repeat(64), sut: 'b'.repeat(64) };
  const proof: Proof = {
    ...{
      id: 'x',
      defect: 'd',
      change: 'c'.repeat(64),
      scenario: 'features/a.feature:1',
      scenarioName: 'A',
      beside: [],
    },
    ...{ at: '2026-01-02T00:00:00.000Z', ...state },
  };

  it('are the newest, of the present suite and SUT alone', () => {
    const later = { ...proof, at: '2026-01-03T00:00:00.000Z' };
    const other = { ...proof, id: 'y' };
    const old = { ...proof, id: 'z', suite: 'd'.repeat(64) };
    for (const all of [
      [proof, later, other, old],
      [old, other, later, proof],
    ]) {
      expect(joinedProofs(all, state)).to.have.deep.members([later, other]);
    }
  });
});

describe('a runner', () => {
  const need = (otherwise: Partial<Need>): Need => ({
    ...{ what: 'a thing', there: async () => false, advice: 'bring it' },
    ...otherwise,
  });

  it('is changed only where that is allowed, and only for what is missing', async () => {
    const called: string[] = [];
    const call = async (argv: readonly string[]) => called.push(argv.join(' '));
    const mended: Need = need({ there: async () => called.includes('mend it'), change: ['mend', 'it'] });
    const there = need({ there: async () => true, change: ['never'] });
    expect(await stillMissing([there, mended], false, call)).to.deep.equal(['a thing: bring it (mend it)']);
    expect(called).to.deep.equal([]);
    expect(await stillMissing([there, mended], true, call)).to.deep.equal([]);
    expect(called).to.deep.equal(['mend it']);
  });

  it('still lacks what a change did not bring', async () => {
    const missing = await stillMissing(
      [need({ change: ['no', 'use'] }), need({ what: 'b' })],
      true,
      async () => undefined,
    );
    expect(missing).to.deep.equal(['a thing: bring it (no use)', 'b: bring it']);
  });
});

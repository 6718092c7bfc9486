import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { unsuccessfulJobs } from '../../src/cli/ci/jobs';

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

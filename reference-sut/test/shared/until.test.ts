import { describe, it } from 'node:test';
import { expect } from 'chai';
import { until } from '../../src/shared/until';

describe('until', () => {
  it('gives the first thing seen', async () => {
    let asked = 0;
    const seen = await until('three', async () => (++asked === 3 ? asked : undefined), { withinMs: 1000, everyMs: 1 });
    expect(seen).to.equal(3);
  });

  it('names what was waited for, how long, and what stood in the way', async () => {
    const probe = async () => {
      throw new Error('nobody there');
    };
    const failure = await until('an answer', probe, { withinMs: 5, everyMs: 1 }).catch((error: Error) => error.message);
    expect(failure).to.equal('Waited 5 ms for an answer, in vain: nobody there');
  });
});

import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { mapConcurrent } from '../../src/sut/map-concurrent';
import { rejection } from '../rejection';

describe('concurrent work', () => {
  it('is done once for each item, in no more lanes than allowed, with results in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 3 })), fc.integer({ min: 1, max: 4 }), async (items, lanes) => {
        let now = 0;
        let most = 0;
        const results = await mapConcurrent(items, lanes, async (turns, index) => {
          now += 1;
          most = Math.max(most, now);
          for (let left = turns; left > 0; left -= 1) await turn();
          now -= 1;
          return index;
        });
        expect(results).to.deep.equal(items.map((_, index) => index));
        expect(most).to.be.at.most(lanes);
      }),
    );
  });

  it('fails with the first failure, starts nothing more, and leaves nothing running', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failure = await rejection(() =>
      mapConcurrent([0, 1, 2, 3, 4], 2, async (item) => {
        begun.push(item);
        if (item === 0) throw new Error('no');
        await turn();
        ended.push(item);
      }),
    );
    expect(String(failure)).to.include('no');
    expect(begun).to.deep.equal([0, 1]);
    expect(ended).to.deep.equal([1]);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { until, WaitError } from '../../src/sut/until';
import { rejection } from '../rejection';

describe('a wait', () => {
  it('ends with the first thing seen', async () => {
    let looks = 0;
    const seen = await until('the third look', async () => (++looks === 3 ? `look ${looks}` : undefined), {
      within: 1000,
      every: 1,
    });
    expect([seen, looks]).to.deep.equal(['look 3', 3]);
  });

  it('looks once at least, and once more at its bound', async () => {
    expect(await until('what is there', async () => 'there', { within: 0 })).to.equal('there');
  });

  it('that is in vain says for what, how long, and what was seen last', async () => {
    const attempt = until('the sandbox to be Ready', async () => false, {
      within: 60,
      every: 5,
      last: () => 'Pending',
    });
    expect(await rejection(() => attempt)).to.equal(
      'waited 0.1 s for the sandbox to be Ready, in vain; last seen: Pending',
    );
    await attempt.catch((error: unknown) => expect(error).to.be.instanceOf(WaitError));
  });

  it('gives up quietly where it is told to', async () => {
    expect(await until('nothing', async () => false, { within: 20, every: 5, orElse: 'give-up' })).to.equal(undefined);
  });

  it('ends with the reason of the interruption', async () => {
    const interruption = new AbortController();
    let looks = 0;
    const attempt = until(
      'the end',
      async () => {
        looks += 1;
        if (looks === 2) interruption.abort(new Error('interrupted: SIGINT'));
        return false;
      },
      { within: 60_000, every: 1, signal: interruption.signal },
    );
    expect([await rejection(() => attempt), looks]).to.deep.equal(['interrupted: SIGINT', 2]);
  });

  it('passes on what the look throws', async () => {
    const attempt = until('nothing', () => Promise.reject(new Error('no engine')), { within: 1000 });
    expect(await rejection(() => attempt)).to.equal('no engine');
  });
});

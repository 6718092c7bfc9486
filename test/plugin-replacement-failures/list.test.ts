import { describe, it } from 'node:test';
import { expect } from 'chai';
import { listedVersions } from '../../src/checks/plugin-replacement-failures';

describe("the agent's own list of plugins", () => {
  const list = { plugins: [{ id: 'one', version: '1.0.0' }, { id: 'two', error: 'no entry' }, { id: 'three' }] };

  it('gives each version, or the error that stands for it, also behind warnings', () => {
    for (const before of ['', 'Config warnings:\n- {x}: stale\n'])
      expect(listedVersions(`${before}${JSON.stringify(list, null, 2)}`)).to.deep.equal({
        one: '1.0.0',
        two: 'no entry',
        three: 'no version',
      });
  });

  it('is empty where the agent printed none', () => {
    expect(listedVersions('Config invalid\n')).to.deep.equal({});
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { namesOf } from '../../src/checks/runtime-overrides-agent';
import { modelsIn } from '../../src/sut/runtime-overrides-agent';

describe("the agent's own list of models", () => {
  const model = { key: 'inference/m', available: true, missing: false, tags: ['default'], contextWindow: 7 };

  it('is read also where warnings stand before it', () => {
    const text = JSON.stringify({ count: 1, models: [{ ...model, name: 'm' }] }, null, 2);
    for (const before of ['', 'Config warnings:\n- plugins.entries.{x}: not installed\n'])
      expect(modelsIn(`${before}${text}\n`)).to.deep.equal([model]);
  });

  it('is empty where the agent printed none', () => {
    expect(modelsIn('No models found.\n')).to.deep.equal([]);
  });
});

describe('the names of a model', () => {
  it('are with and without its provider, and no part of another name', () => {
    expect(namesOf('inference/vendor/m', 'inference')).to.deep.equal(['inference/vendor/m', 'vendor/m']);
    expect(namesOf('inferences/m', 'inference')).to.deep.equal(['inferences/m']);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { modelsNamedIn, namesOf } from '../../src/checks/runtime-overrides-agent';
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

describe('the models that a configuration’s agents name', () => {
  it('are found wherever they stand, and nothing else is', () => {
    const agents = {
      defaults: {
        model: { primary: 'p/one', fallbacks: ['p/two'] },
        models: { 'p/three': { alias: 'x' } },
        thinking: 'off',
      },
      list: [{ id: 'main', model: 'p/four' }, { id: 'other' }],
    };
    expect(modelsNamedIn(agents)).to.deep.equal(['p/one', 'p/two', 'p/three', 'p/four']);
    expect(modelsNamedIn(undefined)).to.deep.equal([]);
  });
});

describe('the names of a model', () => {
  it('are with and without its provider, and no part of another name', () => {
    expect(namesOf('inference/vendor/m', 'inference')).to.deep.equal(['inference/vendor/m', 'vendor/m']);
    expect(namesOf('inferences/m', 'inference')).to.deep.equal(['inferences/m']);
  });
});

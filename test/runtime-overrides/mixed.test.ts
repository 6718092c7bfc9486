import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  acceptedCases,
  allTogether,
  faultOf,
  overridesIn,
  wrongCases,
} from '../../src/staging/runtime-overrides-cases';
import { longestCases, mixedCases, twoLineCases } from '../../src/staging/runtime-overrides-mixed';

const accepted = acceptedCases([
  { setting: 'model', value: 'a-model', given: 'alone' },
  { setting: 'inference API', value: 'anthropic-messages', given: 'alone' },
  { setting: 'context window', value: '7', given: 'with the inference API' },
]);

describe('the starts with the longest values', () => {
  it('have exactly that many characters, and one more, alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 9, max: 400 }), (longest) => {
        const cases = longestCases([{ setting: 'model' }, { setting: 'browser origin' }], longest);
        expect(cases.map(({ value }) => value.length)).to.deep.equal([longest, longest + 1, longest, longest + 1]);
        for (const { value, overrides } of cases) expect(Object.values(overrides)).to.deep.equal([value]);
        expect(cases[3]?.value).to.match(/^https:\/\/a+$/);
      }),
    );
  });
});

describe('the starts with one wrong value among right ones', () => {
  const wrong = wrongCases(
    [
      { setting: 'context window', 'wrong values': '0, -5', given: 'with the model' },
      { setting: 'browser origin', 'wrong values': 'an address with a tab, an ftp address', given: 'alone' },
    ],
    accepted,
  );
  const mixed = mixedCases(accepted, wrong);

  it('are one for each setting and fault, with the first value of the kind', () => {
    expect(new Set(mixed.map(({ setting, value }) => `${setting} ${faultOf(value)}`))).to.deep.equal(
      new Set(['context-window invalid', 'cors control characters', 'cors invalid']),
    );
    expect(mixed.find(({ setting }) => setting === 'context-window')?.value).to.equal('0');
  });

  it('have every other override as where all are right', () => {
    for (const { overrides, value } of mixed) {
      const differing = Object.entries({ ...allTogether(accepted), ...overrides }).filter(
        ([name, one]) => allTogether(accepted)[name] !== one,
      );
      expect(differing.map(([, one]) => one)).to.deep.equal([value]);
    }
  });
});

describe('a value of two lines', () => {
  it('is one value, with what a row wants beside it', () => {
    const row = { setting: 'context window', value: '7', 'second line': '8', given: 'with the model' };
    expect(twoLineCases([row], accepted).map(({ overrides }) => overrides)).to.deep.equal([
      { NEMOCLAW_MODEL_OVERRIDE: 'a-model', NEMOCLAW_CONTEXT_WINDOW: '7\n8' },
    ]);
  });
});

describe('a table of overrides for one start', () => {
  it('gives them all', () => {
    const rows = [
      { setting: 'model', value: 'm' },
      { setting: 'reasoning', value: 'true' },
    ];
    expect(overridesIn(rows)).to.deep.equal({ NEMOCLAW_MODEL_OVERRIDE: 'm', NEMOCLAW_REASONING: 'true' });
    expect(() => overridesIn([{ setting: 'colour', value: 'red' }])).to.throw('no setting "colour"');
  });
});

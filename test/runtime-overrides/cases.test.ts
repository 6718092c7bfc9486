import { describe, it } from 'node:test';
import { expect } from 'chai';
import { wrongValues } from '../../src/staging/runtime-overrides-cases';

describe('a limit that no positive integer is', () => {
  it('is tried as a word, as nothing, below nothing, broken and padded, for either limit', () => {
    for (const kind of ['contextWindow', 'maxTokens'] as const) {
      const values = wrongValues[kind].map(({ value }) => value);
      for (const form of [/^[a-z]+$/, /^0$/, /^-[1-9]\d*$/, /^\d+\.\d+$/, /^0\d+$/])
        expect(
          values.filter((value) => form.test(value)),
          `${kind} ${form}`,
        ).to.have.length(1);
    }
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { jsonDifferences } from '../../src/sut/json-differences';

describe('the differences of two JSON texts', () => {
  it('are none for the same value, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonDifferences(JSON.stringify(value), JSON.stringify(value, null, 2))).to.deep.equal([]);
      }),
    );
  });

  it('are not empty for any other value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const [before, after] = [JSON.stringify(one), JSON.stringify(other)];
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        expect(jsonDifferences(before, after)).not.to.deep.equal([]);
      }),
    );
  });

  it('name the path, the value before and the value after', () => {
    const found = jsonDifferences('{"a": [{"b": false, "c": 1}]}', '{"a": [{"b": "true"}, {}]}');
    expect(found).to.deep.equal(['a.0.b: false → "true"', 'a.0.c: 1 → absent', 'a.1: absent → {}']);
  });
});

/** Sorts keys: their order is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

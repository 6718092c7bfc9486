import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { search } from '../../src/secrets/search';
import { canarySearches, credentialSearches, knownSearches } from '../../src/secrets/values';
import { canaries, encodings, masks, surroundings, wraps } from './encoded';

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** Puts wraps between characters of `text`; where two would meet, the later one stands. */
function split(text: string, places: readonly (readonly [number, string])[]): string {
  const before = new Map(places.map(([place, wrap]) => [1 + (place % (text.length - 1)), wrap]));
  return [...text].map((character, index) => `${before.get(index) ?? ''}${character}`).join('');
}

describe('the search for canaries', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    it(`finds one ${name}, anywhere in a text, and reports its place and not its value`, () => {
      fc.assert(
        fc.property(canaries, masks, surroundings, surroundings, (value, mask, before, after) => {
          const found = search(latin1(`${before}${encode(value, mask)}${after}`), canarySearches);
          expect(found.length).to.be.greaterThan(0);
          expect(JSON.stringify(found)).not.to.include(value.slice(12));
          const start = Buffer.byteLength(before);
          expect(found[0]?.offset).to.be.within(start - 8, start + 4);
        }),
      );
    });

    it(`finds one ${name} that line wraps split, wherever they do`, () => {
      fc.assert(
        fc.property(
          canaries,
          masks,
          surroundings,
          surroundings,
          fc.array(fc.tuple(fc.nat(), wraps), { minLength: 1, maxLength: 4 }),
          (value, mask, before, after, places) => {
            const encoded = split(encode(value, mask), places);
            const found = search(latin1(`${before}${encoded}${after}`), canarySearches);
            expect(found.length).to.be.greaterThan(0);
            expect(JSON.stringify(found)).not.to.include(value.slice(12));
          },
        ),
      );
    });
  }

  it('finds nothing in a text without one', () => {
    fc.assert(
      fc.property(fc.array(surroundings), masks, (texts, mask) => {
        const text = texts.join('phase9canary');
        for (const encode of Object.values(encodings)) {
          expect(search(latin1(encode(text.replace(/[0-9a-f]{30,}/g, ''), mask)), canarySearches)).to.deep.equal([]);
        }
      }),
    );
  });

  it('finds one behind the beginning of another', () => {
    const value = `phase9canary${'0123456789ab'.repeat(3)}`;
    const encoded = Buffer.from(value).toString('base64');
    for (const text of [
      `${encoded.slice(0, 16)}${encoded}`,
      `phase9canary0123${value}`,
      `${value.slice(0, 47)}${value}`,
    ]) {
      expect(search(text, canarySearches)).to.have.length(1);
    }
  });

  it('finds one in UTF-16', () => {
    const value = `phase9canary${'0123456789ab'.repeat(3)}`;
    const text = Buffer.from(`text ${value}`, 'utf16le').toString('latin1');
    expect(search(text, canarySearches)).to.have.length(1);
  });

  it('reports the encoding', () => {
    const value = `phase9canary${'0123456789ab'.repeat(3)}`;
    const reported = (text: string) => search(text, canarySearches).map(({ secret }) => secret);
    expect(reported(value)).to.deep.equal(['a staged canary (raw)']);
    expect(reported(`%70${value.slice(1)}`)).to.deep.equal(['a staged canary (URL-encoded)']);
    expect(reported(`\\u0070${value.slice(1)}`)).to.deep.equal(['a staged canary (JSON-escaped)']);
    expect(reported(Buffer.from(value).toString('hex'))).to.deep.equal(['a staged canary (hex)']);
    expect(reported(`{"a":"${Buffer.from(value).toString('base64')}"}`)).to.deep.equal(['a staged canary (base64)']);
    expect(reported(`${value.slice(0, 30)}\n  ${value.slice(30)}`)).to.deep.equal([
      'a staged canary (raw, split by a line wrap)',
    ]);
  });

  it('takes at most two seconds for texts made to slow it down', () => {
    const long = 300_000;
    const texts = ['\\'.repeat(long), 'p\n'.repeat(long / 2), `p${'\n \\'.repeat(long / 3)}`, '%25'.repeat(long / 3)];
    for (const text of [
      ...texts,
      'cGhhc2U5Y2FuYXJ5'.repeat(long / 16),
      `phase9canary${'0'.repeat(35)}g`.repeat(long / 48),
    ]) {
      const start = performance.now();
      search(text, [...canarySearches, ...credentialSearches, ...knownSearches('a= \\=\\ 1 = \\ ===\\==bcdefgh')]);
      expect(performance.now() - start).to.be.lessThan(2000);
    }
  });
});

describe('the search for a known secret', () => {
  const secrets = fc
    .tuple(
      // Some of it looks like a line wrap.
      fc.oneof(
        fc.string({ maxLength: 30 }),
        fc
          .array(fc.constantFrom('%0a', '%250D', '\\n', '\\r\\n', '=', 'n', ' ', '\n'), { maxLength: 6 })
          .map((all) => all.join('')),
      ),
      fc.string({ minLength: 8, maxLength: 9, unit: fc.constantFrom(...'aZ0"/+&<é€😀') }),
    )
    .map(([any, eight]) => `x${any}${eight}`);

  for (const [name, encode] of Object.entries(encodings)) {
    it(`finds one ${name}, also split by a line wrap`, () => {
      fc.assert(
        fc.property(secrets, masks, surroundings, surroundings, fc.nat(), (value, mask, before, after, place) => {
          const searches = knownSearches(value);
          const encoded = encode(value, mask);
          expect(search(latin1(`${before}${encoded}${after}`), searches).length).to.be.greaterThan(0);
          const wrapped = split(latin1(encoded), [[place, '\n  ']]);
          expect(search(`${latin1(before)}${wrapped}${latin1(after)}`, searches).length).to.be.greaterThan(0);
        }),
      );
    });
  }

  it('finds one that contains what looks like a line wrap', () => {
    for (const value of ['x%0aaaaaaaaa', 'x\\naaaaaaaaa', 'x=%250Aaaaaaaaa']) {
      for (const encode of Object.values(encodings)) {
        const encoded = encode(value, [0]);
        expect(search(latin1(encoded), knownSearches(value)), encoded).not.to.deep.equal([]);
        const wrapped = split(latin1(encoded), [[0, '\n  ']]);
        expect(search(wrapped, knownSearches(value)), wrapped).not.to.deep.equal([]);
      }
    }
  });

  it('refuses one that is too short to be distinguished from other text', () => {
    expect(() => knownSearches('1234567')).to.throw(RangeError, 'fewer than 8 characters');
  });
});

import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { encodingsOf } from '../../src/secrets/encodings';
import { bounded, credentialsIn, redact, registerSecret, TEXT_BOUND } from '../../src/secrets/redact';

/** Registered once: a registration lasts as long as the process. */
const SECRET = `phase9canary${randomBytes(18).toString('hex')}`;
const AWKWARD = `p9"canary\\/+ ${randomBytes(9).toString('base64')}=é\u0001`;
registerSecret(SECRET);
registerSecret(AWKWARD);

const secret = fc.constantFrom(SECRET, AWKWARD);
const neighbour = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));

/** Every way in which a file may contain a secret: the surrounding text is encoded with it. */
const wrappings: Readonly<Record<string, (whole: Buffer) => string>> = {
  raw: (whole) => whole.toString('utf8'),
  base64: (whole) => whole.toString('base64'),
  base64url: (whole) => whole.toString('base64url'),
  hex: (whole) => whole.toString('hex'),
  HEX: (whole) => whole.toString('hex').toUpperCase(),
  URL: (whole) => encodeURIComponent(whole.toString('utf8')),
  JSON: (whole) => JSON.stringify(whole.toString('utf8')),
};

describe('a secret that was staged', () => {
  for (const [name, wrap] of Object.entries(wrappings)) {
    it(`is found at any offset of a longer text that is ${name}-encoded as a whole, and only there`, () => {
      fc.assert(
        fc.property(secret, neighbour, neighbour, (canary, before, after) => {
          const content = (inner: string) => Buffer.from(wrap(Buffer.concat([before, Buffer.from(inner), after])));
          expect(credentialsIn(content(canary), [canary])).to.satisfy((found: string[]) => found.length > 0);
          expect(credentialsIn(content('no secret at all'), [canary])).to.deep.equal([]);
        }),
        { numRuns: 150 },
      );
    });

    it(`does not leave the process in a text, ${name}-encoded as a whole`, () => {
      fc.assert(
        fc.property(secret, neighbour, neighbour, (canary, before, after) => {
          const clean = redact(wrap(Buffer.concat([before, Buffer.from(canary), after])));
          expect(credentialsIn(Buffer.from(clean), [canary])).to.deep.equal([]);
          expect(clean).to.include('[redacted]');
        }),
        { numRuns: 150 },
      );
    });
  }

  it('has a list of distinct encodings, the raw one first', () => {
    const encodings = encodingsOf(SECRET);
    expect(encodings[0]).to.deep.equal({ name: 'raw', text: SECRET });
    expect(new Set(encodings.map(({ text }) => text)).size).to.equal(encodings.length);
    expect(encodings.every(({ text }) => text.length >= 8)).to.equal(true);
  });

  it('must be long enough not to redact half of every text', () => {
    expect(() => registerSecret('1234567')).to.throw('fewer than 8');
  });
});

describe('a text for a record', () => {
  it('is cut in the middle to its bound, with the number of characters left out', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), fc.integer({ min: 60, max: 500 }), (text, limit) => {
        const cut = bounded(text, limit);
        if (redact(text).length <= limit) expect(cut).to.equal(redact(text));
        else {
          expect(cut.length).to.be.at.most(limit);
          const [, left] = /… (\d+) characters left out …/.exec(cut) ?? [];
          const kept = cut.length - `\n… ${left} characters left out …\n`.length;
          expect(Number(left) + kept).to.equal(redact(text).length);
        }
      }),
    );
  });

  it('never shows a part of a secret that the cut goes through', () => {
    const half = TEXT_BOUND / 2;
    for (let at = half - SECRET.length - 30; at < half + 30; at += 1) {
      const cut = bounded(`${'x'.repeat(at)}${SECRET}${'y'.repeat(TEXT_BOUND)}`);
      expect(cut).not.to.include(SECRET.slice(0, 12));
      expect(cut).not.to.include(SECRET.slice(-12));
    }
  });
});

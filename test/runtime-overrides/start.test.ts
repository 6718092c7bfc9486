import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { sha256 } from '../../src/sha256';
import { hashCovers, payloadReport, wholeBefore } from '../../src/sut/runtime-overrides';

describe('the output of a start', () => {
  it('is complete only where the mark is its last line', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), (printed, cut) => {
        const arrived = `${printed}\nmark\n`;
        expect(wholeBefore(arrived, 'mark')).to.equal(printed);
        const lost = arrived.slice(0, -1 - (cut % 5));
        expect(wholeBefore(lost, 'mark')).to.equal(null);
      }),
    );
  });

  it('contains the payload’s report among other lines', () => {
    const report = payloadReport('other hash 1\nmark runs\nmark hash 0\n mark ends\nmarked hash 2\n', 'mark');
    expect([...report]).to.deep.equal([
      ['runs', ''],
      ['hash', '0'],
    ]);
  });
});

describe('a hash line', () => {
  const bytes = Buffer.from('{"a": 1}');

  it('matches by the absolute and by the relative name', () => {
    for (const name of ['openclaw.json', '/sandbox/.openclaw/openclaw.json', './openclaw.json'])
      expect(hashCovers(`${sha256(bytes)}  ${name}\n`, bytes), name).to.equal(true);
  });

  it('does not match other bytes, another file, or more or less than one line', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (other) => {
        fc.pre(!bytes.equals(Buffer.from(other)));
        expect(hashCovers(`${sha256(bytes)}  openclaw.json\n`, Buffer.from(other))).to.equal(false);
      }),
    );
    const right = `${sha256(bytes)}  openclaw.json\n`;
    for (const wrong of [
      '',
      right.trim(),
      `${right}${right}`,
      right.replace('openclaw.json', '/tmp/openclaw.json'),
      right.replace('openclaw.json', 'openclaw.json.bak'),
      right.toUpperCase(),
    ])
      expect(hashCovers(wrong, bytes), JSON.stringify(wrong)).to.equal(false);
  });
});

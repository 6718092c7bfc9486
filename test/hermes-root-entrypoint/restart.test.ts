import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { recordedPid } from '../../src/checks/hermes-root-entrypoint-restart';

const file = (text: string) => ({ there: true, bytes: Buffer.from(text), sha256: '' }) as const;

describe('the number in the record of a gateway', () => {
  it('is read from JSON, and from a file with the number alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (pid) => {
        expect(recordedPid(file(JSON.stringify({ pid, kind: 'hermes-gateway' })))).to.equal(pid);
        expect(recordedPid(file(`${pid}\n`))).to.equal(pid);
      }),
    );
  });

  it('is none where there is no file, nothing in it, or another thing', () => {
    expect(recordedPid({ there: false })).to.equal(null);
    for (const text of ['', '{', '{"kind": 1}', '"7"', 'null', '[]'])
      expect(recordedPid(file(text)), text).to.equal(null);
  });
});

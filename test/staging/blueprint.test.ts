import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { parse } from 'yaml';
import { inRepository } from '../../src/repository';
import { compareVersions, lowerMinimum, minimumIn, withMinimum } from '../../src/staging/blueprint';
import { temporaryDirectory } from '../temporary-directory';

const version = fc.tuple(fc.nat(2030), fc.nat(12), fc.nat(31)).map((parts) => parts.join('.'));
/** Lines that a blueprint may have besides its minimum. */
const line = fc.constantFrom(
  '',
  '# a comment',
  'version: "0.1.0"',
  'components:',
  '  other: {a: 1}',
  'min_hermes_version: 2026.1.1',
  '\tx',
);
const quote = fc.constantFrom('', '"', "'");
const tail = fc.constantFrom('', '  # why', ' ');
const blueprint = fc
  .record({
    before: fc.array(line),
    indent: fc.constantFrom('', '  '),
    quote,
    minimum: version,
    tail,
    after: fc.array(line),
  })
  .map(({ before, indent, quote, minimum, tail, after }) => ({
    minimum,
    around: (one: string) =>
      [...before, `${indent}min_openclaw_version: ${quote}${one}${quote}${tail}`, ...after, ''].join('\n'),
  }));

describe('the minimum version of a blueprint', () => {
  it('is read, and replaced without a change to anything else', () => {
    fc.assert(
      fc.property(blueprint, version, ({ minimum, around }, other) => {
        const text = around(minimum);
        expect(minimumIn(text)).to.equal(minimum);
        expect(withMinimum(text, other)).to.equal(around(other));
        expect(withMinimum(withMinimum(text, other), minimum)).to.equal(text);
      }),
    );
  });

  it('is replaced in the blueprint that there is, and only there', () => {
    const file = inRepository('reference-sut/tree/nemoclaw-blueprint/blueprint.yaml');
    const text = readFileSync(file, 'utf8');
    const changed = withMinimum(text, '2020.1.1');
    expect(minimumIn(changed)).to.equal('2020.1.1');
    expect(parse(changed)).to.deep.equal({ ...parse(text), min_openclaw_version: '2020.1.1' });
    const differing = text.split('\n').filter((one, index) => one !== changed.split('\n')[index]);
    expect(differing).to.have.length(1);
  });

  it('must be there', () => {
    for (const text of ['', 'version: 1\n', '# min_openclaw_version: 2026.1.1\n', 'min_openclaw_version:\n']) {
      expect(() => minimumIn(text), text).to.throw('names no min_openclaw_version');
      expect(() => withMinimum(text, '2026.1.1'), text).to.throw('names no min_openclaw_version');
    }
  });

  it('is lowered in place: same file, same mode', () => {
    const file = path.join(temporaryDirectory('blueprint'), 'blueprint.yaml');
    writeFileSync(file, 'min_openclaw_version: 2026.5.1\n');
    chmodSync(file, 0o640);
    const { ino } = statSync(file);
    expect(lowerMinimum(file, '2026.4.24')).to.match(
      /^min_openclaw_version 2026\.4\.24; sha256 [0-9a-f]{64}, mode 640$/,
    );
    expect(readFileSync(file, 'utf8')).to.equal('min_openclaw_version: 2026.4.24\n');
    expect([statSync(file).ino, statSync(file).mode & 0o777]).to.deep.equal([ino, 0o640]);
  });
});

describe('the order of calendar versions', () => {
  const sign = (a: string, b: string): number => Math.sign(compareVersions(a, b));

  it('is total: one is before, the same as or after the other, and what comes before stays before', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(sign(a, a)).to.equal(0);
        expect(sign(a, b) + sign(b, a)).to.equal(0);
        expect(sign(a, b) === 0).to.equal(a === b);
        if (sign(a, b) <= 0 && sign(b, c) <= 0) expect(sign(a, c)).to.be.at.most(0);
      }),
    );
  });

  it('goes by numbers, not by letters, and a missing part is none', () => {
    expect(sign('2026.4.24', '2026.5.1')).to.equal(-1);
    expect(sign('2026.10.1', '2026.9.30')).to.equal(1);
    expect(sign('2026.5', '2026.5.0')).to.equal(0);
    expect(sign('2026.5', '2026.5.1')).to.equal(-1);
  });
});

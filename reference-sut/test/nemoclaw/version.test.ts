import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { compareVersions, isBelow, versionIn } from '../../src/nemoclaw/version';

const version = fc.tuple(fc.nat(3000), fc.nat(40), fc.nat(40)).map((parts) => parts.join('.'));

describe('versions', () => {
  it('are compared by number, not by text', () => {
    expect(isBelow('2026.5.9', '2026.5.22')).to.equal(true);
    expect(isBelow('2026.10.1', '2026.5.22')).to.equal(false);
    expect(compareVersions('v2026.5.22', '2026.5.22')).to.equal(0);
    expect(isBelow('2026.5.22-beta.1', '2026.5.22')).to.equal(true);
    expect(isBelow('0.0.1', '2026.5.16')).to.equal(true);
  });

  it('have an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, b) + compareVersions(b, a)).to.equal(0);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).to.be.at.most(0);
      }),
    );
  });

  it('are found behind a warning of the runtime', () => {
    const output = '(node:7) Warning: v22.19 is experimental\nOpenClaw 2026.4.24 (cbcfdf6)\n';
    expect(versionIn(output, 'OpenClaw\\s+(\\d{4}\\.\\d+\\.\\d+)')).to.equal('2026.4.24');
    expect(versionIn('Hermes Agent v0.14.0 (2026.5.16)', 'Hermes Agent v\\S+ \\((\\d{4}\\.\\d+\\.\\d+)\\)')).to.equal(
      '2026.5.16',
    );
    expect(versionIn('command not found', 'OpenClaw\\s+(\\S+)')).to.equal(undefined);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { notKnown } from '../../src/sut/releases/common';
import { agentLineIn, isHonest, toldOf, versionsIn } from '../../src/sut/told-version';

const version = fc.tuple(fc.nat(3000), fc.nat(40), fc.nat(40)).map((parts) => parts.join('.'));

describe('the version that a text tells', () => {
  it('is honest where it is the one inside and no other, or where the text admits that it is not known', () => {
    fc.assert(
      fc.property(version, version, (inside, other) => {
        expect(isHonest(`OpenClaw v${inside}`, inside, notKnown)).to.equal(true);
        expect(isHonest(`OpenClaw v${other}`, inside, notKnown)).to.equal(other === inside);
        expect(isHonest(`OpenClaw v${inside} (was v${other})`, inside, notKnown)).to.equal(other === inside);
        expect(isHonest(`OpenClaw (version unknown, registered: v${other})`, inside, notKnown)).to.equal(true);
        expect(versionsIn(`a v${inside} → ${other}.`)).to.deep.equal([inside, other]);
      }),
    );
    expect(isHonest('OpenClaw', '1.2.3', notKnown)).to.equal(false);
    expect(versionsIn('10.20.30.40 a1.2.3 1.2.3-rc.1')).to.deep.equal(['1.2.3-rc.1']);
  });

  it('stands in the line of a status about the agent, and nowhere else', () => {
    const status =
      '  Sandbox: demo\n    OpenShell: 0.0.44 (docker)\n    Agent:    OpenClaw v2026.5.22\n    Update:   v2026.5.28';
    expect(agentLineIn(status)).to.equal('OpenClaw v2026.5.22');
    expect(agentLineIn('  Sandbox: demo\n    Agent:\n    Update: v1.2.3')).to.equal(null);
  });

  it('is admitted to be unknown in the words of releases', () => {
    for (const text of ['Unknown version:', 'v? → v2026.5.22', 'could not be version-checked', '(version unknown)'])
      expect(text).to.match(notKnown);
    for (const text of ['Agent: OpenClaw v2026.5.22', 'All sandboxes are up to date.', '(running)', 'not stale'])
      expect(text).not.to.match(notKnown);
  });
});

describe('what a check tells of a sandbox', () => {
  const told = (name: string, ...lines: string[]) =>
    toldOf(lines.map((line) => `  ${line}`).join('\n'), name, notKnown);

  it('is its old and new version, that these are unknown, or nothing', () => {
    const stale = [
      'Stale sandboxes:',
      '  old1  v2026.5.20 → v2026.5.22  (running)',
      '',
      '1 sandbox(es) need upgrading.',
    ];
    expect(told('old1', ...stale)).to.deep.equal({ stale: 'v2026.5.20 → v2026.5.22' });
    expect(told('old', ...stale)).to.equal('not named');
    expect(told('box', 'Unknown version:', '  box  v? → v2026.5.22  (running)')).to.equal('version unknown');
    expect(told('box', 'Version unknown:', '  box  (not running)')).to.equal('version unknown');
    expect(told('box', ...stale, 'Version unknown:', '  box  (running)')).to.equal('version unknown');
    expect(told('box', 'All sandboxes are up to date.')).to.equal('not named');
  });

  it('is stale where it is named as both', () => {
    const lines = ['Unknown version:', '  box  (running)', 'Stale sandboxes:', '  box  v1.0.0 → v2.0.0  (running)'];
    expect(told('box', ...lines)).to.deep.equal({ stale: 'v1.0.0 → v2.0.0' });
  });
});

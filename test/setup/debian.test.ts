import { describe, it } from 'node:test';
import { expect } from 'chai';
import { chooseSystem } from '../../src/cli/setup/debian';

describe('the system of a private engine', () => {
  it('is trixie of the mirror that a Debian machine uses', () => {
    const lines = [
      'http://tools.test/repo|stable|main|Somebody',
      'http://security.test/debian|bookworm-security|main|Debian',
      'http://mirror.test/debian|bookworm|main|Debian',
    ];
    expect(chooseSystem(lines)).to.deep.equal({
      site: 'http://mirror.test/debian',
      suite: 'trixie',
      components: 'main',
    });
  });

  it("is the machine's own release on Ubuntu, with universe", () => {
    const lines = ['http://m.test/ubuntu|noble-security|main|Ubuntu', 'http://m.test/ubuntu|noble|main|Ubuntu'];
    const system = { site: 'http://m.test/ubuntu', suite: 'noble', components: 'main,universe' };
    expect(chooseSystem(lines)).to.deep.equal(system);
  });

  it('is none where no archive is known', () => {
    expect(chooseSystem(['', 'http://tools.test/repo|stable|main|Somebody', 'one|two'])).to.equal(undefined);
  });
});

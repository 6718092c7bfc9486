import { describe, it } from 'node:test';
import { expect } from 'chai';
import { loadLedger } from '../../src/spec/ledger';
import { type KillName, killNamed, kills, killWords } from '../../src/staging/upgrade-gateway-survivor-kills';

describe('the kills of an upgrade', () => {
  it('are known by their words, and by those alone', () => {
    for (const [name, { words }] of Object.entries(kills)) {
      expect(killNamed(words)).to.equal(name);
      expect(words).to.match(new RegExp(`^(?:${killWords.source})$`));
    }
    expect(() => killNamed('a kill')).to.throw('no kill "a kill"');
  });

  it('behind the backup are the variants of their assertion', () => {
    const entry = loadLedger().byId.get('upgrade.gateway.kill-keeps-registry-and-backups');
    const behind = (Object.keys(kills) as KillName[]).filter((name) => name !== 'in-backup');
    expect(entry?.variants).to.deep.equal(behind);
  });
});

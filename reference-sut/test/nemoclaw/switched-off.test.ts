import { describe, it } from 'node:test';
import { expect } from 'chai';
import { parse } from 'yaml';
import { withoutChannels } from '../../src/nemoclaw/backup/switched-off';

describe('what an owner kept of a channel that is switched off', () => {
  it('loses its token’s line, and no other', () => {
    const text = '# mine\nDISCORD_BOT_TOKEN=x\nexport DISCORD_BOT_TOKEN=y\nDISCORD_ALLOWED_USERS=7\n';
    expect(withoutChannels(text, 'merge_env', ['discord'])).to.equal('# mine\nDISCORD_ALLOWED_USERS=7\n');
  });

  it('loses its platform, and keeps its settings', () => {
    const text = 'discord: {auto_thread: false}\nplatforms: {discord: {enabled: true}, api_server: {enabled: true}}\n';
    expect(parse(withoutChannels(text, 'merge_yaml', ['discord']))).to.deep.equal({
      discord: { auto_thread: false },
      platforms: { api_server: { enabled: true } },
    });
  });

  it('stays as it is while the channel is on', () => {
    for (const strategy of ['merge_env', 'merge_yaml', 'merge_json'] as const) {
      expect(withoutChannels('DISCORD_BOT_TOKEN=x\n', strategy, [])).to.equal('DISCORD_BOT_TOKEN=x\n');
    }
  });
});

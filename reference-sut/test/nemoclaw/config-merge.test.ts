import { describe, it } from 'node:test';
import { expect } from 'chai';
import { parse } from 'yaml';
import { mergeEnvConfig, mergeJsonConfig, mergeYamlConfig } from '../../src/nemoclaw/backup/config-merge';

describe('configuration that is baked anew', () => {
  const fresh = '_config_version: 24\nmodel:\n  default: new\ndiscord:\n  require_mention: true\n  auto_thread: true\n';

  it('keeps the owner’s keys, and the new route', () => {
    const owners =
      '_config_version: 22\nmodel:\n  default: old\ndiscord:\n  require_mention: false\n  mine: [1]\nplatforms:\n  discord: {token: x}\n';
    expect(parse(mergeYamlConfig(fresh, owners, ['_config_version', 'model']))).to.deep.equal({
      _config_version: 24,
      model: { default: 'new' },
      discord: { require_mention: false, auto_thread: true, mine: [1] },
      platforms: { discord: { token: 'x' } },
    });
  });

  it('stays byte for byte where the owner changed nothing', () => {
    expect(mergeYamlConfig(fresh, fresh, ['model'])).to.equal(fresh);
    expect(mergeYamlConfig(fresh, '- no mapping', [])).to.equal(fresh);
  });

  it('keeps the owner’s .env lines in order, and fills in what is missing or was withheld', () => {
    const baked = 'API_SERVER_PORT=18642\nDISCORD_BOT_TOKEN=openshell:resolve:env:DISCORD_BOT_TOKEN\n';
    expect(mergeEnvConfig(baked, baked, [])).to.equal(baked);
    const owners = '# mine\nMINE=blue\nDISCORD_BOT_TOKEN=\n';
    expect(mergeEnvConfig(baked, owners, ['API_SERVER_PORT'])).to.equal(
      '# mine\nMINE=blue\nDISCORD_BOT_TOKEN=openshell:resolve:env:DISCORD_BOT_TOKEN\nAPI_SERVER_PORT=18642\n',
    );
  });

  it('keeps what the owner added beside a setting that is baked', () => {
    const owners = 'model:\n  default: old\n  max_tokens: 3177\n';
    const merged = parse(mergeYamlConfig(fresh, owners, ['model.default']));
    expect(merged.model).to.deep.equal({ default: 'new', max_tokens: 3177 });
  });

  it('merges the members of a list by their IDs, and keeps the owner’s others', () => {
    const baked = { models: [{ id: 'a', name: 'inference/a', maxTokens: 4096, compat: {} }] };
    const owners = { models: [{ id: 'a', name: 'old', maxTokens: 3177 }, { id: 'b' }] };
    const merged = mergeJsonConfig(JSON.stringify(baked), JSON.stringify(owners), ['models.name']);
    expect(JSON.parse(merged)).to.deep.equal({
      models: [{ id: 'a', name: 'inference/a', maxTokens: 3177, compat: {} }, { id: 'b' }],
    });
  });
});

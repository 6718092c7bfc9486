import { describe, it } from 'node:test';
import { expect } from 'chai';
import { linkCases } from '../../src/staging/runtime-overrides-links';

const row = { what: 'its hash', 'leads to': 'a file of root', setting: 'model', value: 'a-model' };

describe('a table of links', () => {
  it('gives each case a place of the agent, a target of its own, and its override', () => {
    const rows = [row, { ...row, what: 'their directory', 'leads to': 'a directory of root', setting: 'none' }];
    expect(linkCases(rows)).to.deep.equal([
      {
        name: 'link-0',
        overrides: { NEMOCLAW_MODEL_OVERRIDE: 'a-model' },
        place: '/sandbox/.openclaw/.config-hash',
        target: '/opt/phase9-victims/link-0/file',
        through: false,
      },
      {
        name: 'link-1',
        overrides: {},
        place: '/sandbox/.openclaw',
        target: '/opt/phase9-victims/link-1',
        through: false,
      },
    ]);
  });

  it('is refused for a place, a target or a setting that nothing stands for', () => {
    for (const wrong of [{ what: 'its log' }, { 'leads to': 'nowhere' }, { setting: 'colour' }])
      expect(() => linkCases([{ ...row, ...wrong }])).to.throw(/is none of|no setting/);
  });
});

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { noCopiesBeside } from '../../src/checks/plugin-runtime-exdev';
import { AssertionContext } from '../../src/evidence/assertion';

const sha256 = (digit: string): string => digit.repeat(64);

describe('files of a plugin in the agent’s state', () => {
  const source = { dist: 'directory', 'dist/index.js': `file ${sha256('1')}`, link: 'link to dist' };
  const installed = { 'extensions/one/dist/index.js': `file ${sha256('1')}`, 'openclaw.json': `file ${sha256('2')}` };
  const holds = (state: Record<string, string>, plugin: Record<string, string> = source): boolean => {
    const a = new AssertionContext();
    noCopiesBeside(a, state, plugin, 'extensions/one');
    return a.comparisons.every((one) => one.holds);
  };

  it('are allowed where it is installed', () => {
    expect(holds(installed)).to.equal(true);
    expect(holds({ ...installed, 'workspace/link': 'link to dist', 'workspace/dist': 'directory' })).to.equal(true);
  });

  it('are leftovers anywhere else, whatever their names and modes', () => {
    for (const left of ['.stage-17/dist/index.js', 'workspace/x', 'extensions/one-old/dist/index.js'])
      for (const kind of ['file', 'program'])
        expect(holds({ ...installed, [left]: `${kind} ${sha256('1')}` }), left).to.equal(false);
  });

  it('fail the check where the source contains none to look for', () => {
    expect(holds(installed, { dist: 'directory' })).to.equal(false);
  });
});

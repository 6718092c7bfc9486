import { describe, it } from 'node:test';
import { expect } from 'chai';
import { tellsWhatBecame } from '../../src/checks/rebuild-refusal';
import { AssertionContext } from '../../src/evidence/assertion';
import { Observation } from '../../src/evidence/observation';
import type { Attempt } from '../../src/staging/rebuild-refusal';
import { Phase9World } from '../../src/world/world';

const UNTOUCHED = 'Sandbox is untouched — no data was lost.';
const WAY_BACK = 'Run: nemoclaw onboard --resume';

/** The comparisons that do not hold of a rebuild that printed `stderr`, and whose old container was there afterwards, or not. */
function wrongOf(exit: number, stderr: string, container: 'there' | 'gone'): readonly string[] {
  const entry = { boundary: 'host-cli', kind: 'command', source: '', startedAt: '', finishedAt: '', seen: {} } as const;
  const life = container === 'there' ? { id: '1', running: true, startedAt: '' } : null;
  const attempt = {
    outcome: new Observation({ ended: 'exited', exit, stdout: Buffer.from(''), stderr: Buffer.from(stderr) }, entry),
    container: new Observation(life, entry),
  } as unknown as Attempt;
  const world = new Phase9World({
    attach: async () => undefined,
    log: () => undefined,
    link: () => undefined,
    parameters: { profile: 'reference' },
  });
  world.set({ attempts: { 'broken-base': attempt }, sandbox: 'archive' });
  const a = new AssertionContext();
  tellsWhatBecame(a, world, 'broken-base');
  expect(a.comparisons).not.to.deep.equal([]);
  return a.comparisons.filter(({ holds }) => !holds).map(({ what }) => what);
}

describe('What the owner reads of a rebuild that something stood in the way of', () => {
  it('is that nothing was lost, where it was refused', () => {
    expect(wrongOf(1, UNTOUCHED, 'there')).to.deep.equal([]);
    expect(wrongOf(1, 'No space left', 'there')).to.deep.equal(['what the rebuild prints']);
    expect(wrongOf(0, UNTOUCHED, 'there')).to.deep.equal(['exit status of the rebuild']);
  });

  it('is nothing in particular, where a new sandbox took the place of the old one', () => {
    expect(wrongOf(0, '', 'gone')).to.deep.equal([]);
  });

  it('is the way back, and not that nothing was lost, where the sandbox is gone', () => {
    expect(wrongOf(1, WAY_BACK, 'gone')).to.deep.equal([]);
    expect(wrongOf(1, '', 'gone')).to.deep.equal(['commands that the owner reads to bring the sandbox back']);
    expect(wrongOf(1, `${UNTOUCHED}\n${WAY_BACK}`, 'gone')).to.deep.equal([
      'lines that say that nothing was lost, of a sandbox that is gone',
    ]);
  });
});

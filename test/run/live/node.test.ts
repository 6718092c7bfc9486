import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import type { Installation } from '../../../src/run/live/look';
import { lookAtNode } from '../../../src/run/live/node';
import { temporaryDirectory } from '../../temporary-directory';

async function lookWith(engines: unknown, version: string): Promise<string | undefined> {
  const tree = temporaryDirectory('node-of-installer');
  writeFileSync(path.join(tree, 'package.json'), JSON.stringify({ name: 'nemoclaw', engines }));
  const ask = async () => ({ ok: true, stdout: version, how: 'exited' });
  const [look] = await lookAtNode({ tree, ask } as unknown as Installation);
  return look?.state;
}

describe('the Node.js that an installer finds', () => {
  it('is warned of where the tree asks for a later one', async () => {
    expect(await lookWith({ node: '>=22.16.0' }, 'v20.20.2\n')).to.equal('warn');
    expect(await lookWith({ node: '>=22.16.0' }, 'v22.9.0\n')).to.equal('warn');
    expect(await lookWith({ node: '>=22.16.0' }, '')).to.equal('warn');
  });

  it('is well where it is late enough, or the tree asks for none', async () => {
    expect(await lookWith({ node: '>=22.16.0' }, 'v22.16.0\n')).to.equal('ok');
    expect(await lookWith({ node: '>=22.16.0' }, 'v24.1.0\n')).to.equal('ok');
    expect(await lookWith(undefined, 'v20.20.2\n')).to.equal('ok');
  });
});

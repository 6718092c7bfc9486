import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { registryFile, stateDirectory } from '../../src/nemoclaw/places';
import { entryOf, readRegistry, removeEntry, saveEntry } from '../../src/nemoclaw/registry';

describe('the registry', () => {
  const before_ = process.env.HOME;
  let home = '';
  before(() => {
    home = mkdtempSync(join(tmpdir(), 'nemoclaw-registry-'));
    process.env.HOME = home;
  });
  after(() => {
    process.env.HOME = before_;
    rmSync(home, { recursive: true, force: true });
  });

  it('loses nothing of writers at the same time, is private, and keeps fields that it does not know', async () => {
    await saveEntry('first', { model: 'm', ...{ gpuCount: 3 } });
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => saveEntry(`s${index}`, { agentVersion: `${index}.0.0` })),
    );
    await saveEntry('first', { agentVersion: '1.2.3' });
    const { sandboxes, defaultSandbox } = readRegistry();
    expect(Object.keys(sandboxes)).to.have.length(9);
    expect(sandboxes.first).to.deep.include({ model: 'm', agentVersion: '1.2.3', gpuCount: 3 });
    expect(defaultSandbox).to.equal('first');
    expect(statSync(stateDirectory()).mode & 0o777).to.equal(0o700);
    expect(statSync(registryFile()).mode & 0o777).to.equal(0o600);
  });

  it('gives the default on when its sandbox goes', async () => {
    await removeEntry('first');
    expect(readRegistry().defaultSandbox).to.equal('s0');
    expect(() => entryOf('first')).to.throw(/No sandbox 'first'.*s0/);
  });

  it('reports a broken file, and leaves it alone', () => {
    writeFileSync(registryFile(), '{"sandboxes": 3}');
    expect(() => readRegistry()).to.throw(/sandboxes\.json can't be read/);
    expect(readFileSync(registryFile(), 'utf8')).to.equal('{"sandboxes": 3}');
  });
});

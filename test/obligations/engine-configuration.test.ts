import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { engineArguments } from '../../src/staging/private-engine';
import { containersNamed, engine, ifThere } from '../../src/sut/engine';
import { engineStorage, restartEngine } from '../../src/sut/engine-container';
import { freePort } from '../../src/sut/ports';
import { fileAsItIs, type Obligation } from '../../src/world/obligations/obligation';
import { restore } from '../../src/world/obligations/restore';

describe("an engine's configuration that is registered for restore", () => {
  const container = `phase9-test-${randomBytes(4).toString('hex')}-engine`;
  const directory = mkdtempSync(path.join(tmpdir(), 'p9e-'));
  const socket = path.join(directory, 'engine/docker.sock');
  const file = path.join(directory, 'engine/etc/daemon.json');
  const feature = '{"features":{"containerd-snapshotter":true}}\n';
  const owed = (driver = 'overlay2'): Obligation => {
    const { before: was } = fileAsItIs(file);
    return { kind: 'engine-configuration', container, socket, path: file, before: was, driver };
  };
  const restoreAndSee = async (obligation: Obligation) => {
    const { changed, saw } = await restore(obligation);
    return { changed, driver: /Driver (\w+)/.exec(saw)?.[1] };
  };
  const switchOn = async (): Promise<void> => {
    writeFileSync(file, feature);
    expect(await restartEngine(socket, container)).to.deep.equal({
      driver: 'overlayfs',
      type: 'io.containerd.snapshotter.v1',
    });
  };

  before(async () => {
    mkdirSync(path.dirname(file), { recursive: true });
    const args = engineArguments({ container, directory, port: await freePort(), scenario: container });
    execFileSync('docker', ['run', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    await engineStorage(socket, container);
  });
  after(async () => {
    await ifThere(() => engine().getContainer(container).remove({ force: true, v: true }));
    rmSync(directory, { recursive: true, force: true });
  });

  it('that was not there is taken away, and the engine stores as before; once more changes nothing', async () => {
    const obligation = owed();
    await switchOn();
    expect(await restoreAndSee(obligation)).to.deep.equal({ changed: true, driver: 'overlay2' });
    expect(existsSync(file)).to.equal(false);
    expect(await restoreAndSee(obligation)).to.deep.equal({ changed: false, driver: 'overlay2' });
  });

  it('that was there gets its bytes and its mode again, also where the one before was killed between file and engine', async () => {
    const text = '{ "log-driver":   "json-file" }';
    writeFileSync(file, text);
    chmodSync(file, 0o640);
    const obligation = owed();
    await switchOn();
    writeFileSync(file, text);
    expect(await restoreAndSee(obligation)).to.deep.equal({ changed: true, driver: 'overlay2' });
    expect(readFileSync(file, 'utf8')).to.equal(text);
    expect(statSync(file).mode & 0o777).to.equal(0o640);
  });

  it('is refused where the engine does not store as before', async () => {
    const reason = await restore(owed('vfs')).catch((error: Error) => error.message);
    expect(reason).to.contain('after the restore it is otherwise');
  });

  it('starts an engine again that a broken configuration had ended', async () => {
    const obligation = owed();
    writeFileSync(file, 'no JSON');
    expect(await restartEngine(socket, container).catch((error: Error) => error.message)).to.contain('daemon.json');
    expect(await restoreAndSee(obligation)).to.deep.equal({ changed: true, driver: 'overlay2' });
  });

  it('of an engine that is gone is the file alone', async () => {
    const obligation = owed();
    writeFileSync(file, feature);
    await engine().getContainer(container).remove({ force: true, v: true });
    expect(await containersNamed(container)).to.deep.equal([]);
    expect(await restoreAndSee(obligation)).to.deep.equal({ changed: true, driver: undefined });
    expect(readFileSync(file, 'utf8')).to.not.equal(feature);
  });
});

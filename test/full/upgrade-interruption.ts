import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { containersNamed } from '../../src/sut/engine';
import { until } from '../../src/sut/until';
import { journalsOf, leftOf, phase9, StartedRun } from './started-run';

const UPGRADE = 'The operator upgrades a machine whose sandbox is at work under the old gateway';

/** Port of the gateway of the scenario with `token`: its processes have it in their environment. */
function gatewayPort(token: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!environment.includes(`PHASE9_SCENARIO=${token}`)) continue;
      const port = environment.find((one) => one.startsWith('NEMOCLAW_GATEWAY_PORT='))?.split('=')[1];
      if (port !== undefined) return Number(port);
    } catch {
      // gone meanwhile
    }
  }
  throw new Error(`no process of the scenario ${token} names the port of its gateway`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

describe('a run that is killed in the middle of a gateway upgrade', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'phase9-upgrade-'));
  let run: StartedRun | undefined;
  after(async () => {
    await run?.stop();
    await phase9(home, 'restore');
    if (journalsOf(home).length === 0) rmSync(home, { recursive: true });
  });

  it('leaves no gateway, container, network, volume, port or file behind once it is restored', async () => {
    const started = new StartedRun(home, [UPGRADE]);
    run = started;
    let seen = false;
    // The old gateway was there and is gone, and the new one has not begun to listen.
    const token = await until(
      'the old gateway to be retired',
      async () => {
        const [mine] = started.tokens();
        if (mine === undefined) return undefined;
        const there = (await containersNamed(`openshell-cluster-${mine}`)).length > 0;
        seen ||= there;
        return seen && !there ? mine : undefined;
      },
      { within: 180_000, every: 20 },
    );
    expect(token, started.output).to.be.a('string');
    const scenario = token ?? '';
    const port = gatewayPort(scenario);
    process.kill(started.coordinator(), 'SIGKILL');
    expect(await answers(port), 'the new gateway was not there yet').to.equal(false);
    await started.exit();
    expect(journalsOf(home)).to.have.length(1);
    const restored = await phase9(home, 'restore');
    expect([restored.exit, restored.stderr], restored.stdout).to.deep.equal([0, '']);
    expect(await leftOf(home, scenario)).to.deep.equal([]);
    expect(await answers(port)).to.equal(false);
    expect(journalsOf(home)).to.deep.equal([]);
    expect(await phase9(home, 'restore')).to.deep.equal({ exit: 0, stdout: 'nothing to restore', stderr: '' });
  });
});

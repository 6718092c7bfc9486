import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { expect } from 'chai';
import { execa } from 'execa';
import { engine } from '../../src/sut/engine';
import { until } from '../../src/sut/until';
import { clearAway, journalsOf, leftOf, phase9, processesThat, StartedRun } from './started-run';

const OVERLAYFS = 'The operator onboards, and onboards again';

/** What a program prints, without counters, times and comments, which change by themselves. */
async function printed(file: string, ...args: readonly string[]): Promise<string[]> {
  const { stdout } = await execa(file, args);
  return stdout
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.replace(/\[\d+:\d+\]|valid_lft.*/g, '').trimEnd());
}

/** All of the user's engine that a second one could disturb. Labelled images are caches, which any build may add to. */
async function usersEngine(): Promise<Record<string, unknown>> {
  const info = await engine().info();
  const images = await engine().listImages();
  const configuration = '/etc/docker';
  return {
    id: info.ID,
    driver: [info.Driver, info.DriverStatus],
    networks: (await engine().listNetworks()).map(({ Id, Name }) => `${Name} ${Id}`).sort(),
    images: images
      .filter(({ Labels }) => Labels?.['phase9.cache'] === undefined)
      .map(({ Id, RepoTags }) => `${RepoTags} ${Id}`)
      .sort(),
    bridge: await printed('ip', 'addr', 'show', 'docker0'),
    rules: await printed('iptables-save'),
    configuration: existsSync(configuration)
      ? readdirSync(configuration).map((name) => [name, readFileSync(path.join(configuration, name), 'utf8')])
      : 'none',
  };
}

/** Whether the engine of the scenario with `token` has its new configuration, while it may not have started again with it. */
function reconfigured(home: string, token: string): boolean {
  const file = path.join(home, 'state/work', token, 'engine/etc/daemon.json');
  return existsSync(file) && readFileSync(file, 'utf8').includes('containerd-snapshotter');
}

/** Whether the release under test is building an image on the engine of that scenario. It keeps most variables from its children. */
function patching(_home: string, token: string): boolean {
  const own = (one: string) => one.startsWith('DOCKER_HOST=unix://') && one.includes(token);
  return processesThat((environment, argv) => environment.some(own) && argv.includes('build')).length > 0;
}

describe('a run that is killed while it has an engine of its own', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'phase9-engine-'));
  const runs: StartedRun[] = [];
  after(() => clearAway(directory, runs));

  for (const [number, [moment, reached]] of Object.entries({
    'as that engine is configured anew': reconfigured,
    'as the patched image is being built': patching,
  }).entries()) {
    it(`${moment}: a restore leaves nothing of it, and the user’s engine as it was`, async () => {
      const before = await usersEngine();
      const run = new StartedRun(path.join(directory, String(number)), [OVERLAYFS]);
      runs.push(run);
      const token = await until(
        moment,
        async () => {
          if (run.ended) throw new Error(`the run ended before that:\n${run.output}`);
          return run.tokens().find((one) => reached(run.home, one));
        },
        {
          within: 240_000,
          every: 20,
        },
      );
      expect(token, run.output).to.be.a('string');
      process.kill(run.coordinator(), 'SIGKILL');
      expect(await run.exit(), run.output).to.equal(3);
      expect(journalsOf(run.home)).to.have.length(1);
      const restored = await phase9(run.home, 'restore');
      expect([restored.exit, restored.stderr], restored.stdout).to.deep.equal([0, '']);
      expect(await leftOf(run.home, token ?? '')).to.deep.equal([]);
      expect(journalsOf(run.home)).to.deep.equal([]);
      expect(await usersEngine()).to.deep.equal(before);
      expect(await phase9(run.home, 'restore')).to.deep.equal({ exit: 0, stdout: 'nothing to restore', stderr: '' });
    });
  }
});

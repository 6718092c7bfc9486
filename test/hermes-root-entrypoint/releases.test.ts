import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { isHealthy, pidFileIsRegular } from '../../src/checks/hermes-root-entrypoint';
import { AssertionContext } from '../../src/evidence/assertion';
import { HermesContainer } from '../../src/sut/hermes-root-entrypoint';
import { HostCli } from '../../src/sut/host-cli';
import { august2026 } from '../../src/sut/releases/2026-08';
import type { ReleaseFacts } from '../../src/sut/releases/release';
import { v0_0_53 } from '../../src/sut/releases/v0.0.53';
import { seconds } from '../../src/sut/until';
import { lackOf } from '../../src/world/capabilities';
import { Phase9World } from '../../src/world/world';
import { temporaryDirectory } from '../temporary-directory';

const root = temporaryDirectory('hermes-releases');

function worldOf(release: ReleaseFacts): Phase9World {
  const world = new Phase9World({
    attach: async () => undefined,
    log: () => undefined,
    link: () => undefined,
    parameters: { profile: 'reference' },
  });
  return Object.assign(world, { profile: { ...world.profile, release: { ...world.profile.release, ...release } } });
}

/** A container whose `docker exec` answers a request for health with `health`, and `stat` only of the `files` below Hermes' state. */
function containerWith(name: string, health: string, files: Readonly<Record<string, string>>): HermesContainer {
  const directory = path.join(root, name);
  mkdirSync(directory, { recursive: true });
  const looks = Object.entries(files).map(
    ([file, type]) => `*' /sandbox/.hermes/${file} ') echo '${type}|600|gateway|sandbox' ;;`,
  );
  const script = `#!/bin/sh\ncase " $* " in\n*' curl '*) printf '%s\\n200' '${health}' ;;\n${looks.join('\n')}\n*) exit 7 ;;\nesac\n`;
  writeFileSync(path.join(directory, 'docker'), script);
  chmodSync(path.join(directory, 'docker'), 0o755);
  const cli = new HostCli({
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    env: () => ({ PATH: `${directory}:${process.env.PATH}` }),
    cwd: directory,
    logs: path.join(directory, 'logs'),
    signal: new AbortController().signal,
  });
  return new HermesContainer(cli, name, directory, seconds(10));
}

async function wrong(
  check: (a: AssertionContext, world: Phase9World) => Promise<void>,
  release: ReleaseFacts,
  hermes: HermesContainer,
): Promise<string[]> {
  const world = worldOf(release);
  world.set({ hermes });
  const a = new AssertionContext();
  await check(a, world);
  return a.comparisons.filter(({ holds }) => !holds).map(({ what }) => what);
}

const answers = {
  may: '{"status": "ok", "platform": "hermes-agent"}',
  august: '{"status": "ok", "platform": "hermes-agent", "version": "0.19.0"}',
  sick: '{"status": "error", "platform": "hermes-agent", "version": "0.19.0"}',
};

describe('the health of Hermes', () => {
  for (const [answer, may, august] of [
    ['may', [], ['missing from the answer']],
    ['august', ['answer'], []],
    ['sick', ['answer'], ['answer']],
  ] as const) {
    it(`is judged by what the release answers: ${answer}`, async () => {
      const container = containerWith(`health-${answer}`, answers[answer].replaceAll("'", ''), {});
      expect(await wrong(isHealthy, v0_0_53, container)).to.deep.equal([...may]);
      expect(await wrong(isHealthy, august2026, container)).to.deep.equal([...august]);
    });
  }
});

describe('the PID file of Hermes', () => {
  const regular = 'regular file';
  const link = 'symbolic link';
  for (const [name, files, may, august] of [
    ['older', { 'gateway.pid': regular }, [], ['type of the PID file', 'type of gateway.pid']],
    ['newer', { 'runtime/gateway.pid': regular }, ['type of the PID file'], []],
    ['both', { 'gateway.pid': regular, 'runtime/gateway.pid': regular }, [], ['type of gateway.pid']],
    [
      'links',
      { 'gateway.pid': link, 'runtime/gateway.pid': link },
      ['type of the PID file'],
      ['type of the PID file', 'type of gateway.pid'],
    ],
  ] as const) {
    it(`is looked for where the release keeps it: ${name}`, async () => {
      const container = containerWith(`pid-${name}`, answers.may, files);
      expect(await wrong(pidFileIsRegular, v0_0_53, container)).to.deep.equal([...may]);
      expect(await wrong(pidFileIsRegular, august2026, container)).to.deep.equal([...august]);
    });
  }
});

describe('a capability that a release lacks', () => {
  it('is lacking in that release only, with its name and the reason', () => {
    for (const capability of ['credential-demanded', 'cached-base-image'] as const) {
      expect(lackOf(worldOf(v0_0_53), [capability])).to.equal(undefined);
      expect(lackOf(worldOf(august2026), [capability])).to.match(/^NemoClaw 2026-08: this release /);
    }
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { REPOSITORY } from '../../src/repository';
import { directoryDigest } from '../../src/sut/directory-digest';
import { temporaryDirectory } from '../temporary-directory';
import { DoctorStage } from './doctor-stage';
import { call, type Ended, stagedIn } from './phase9-calls';

const stage = new DoctorStage(temporaryDirectory('doctor-live'));
const doctor = (environment: Record<string, string> = {}, ...args: string[]): Promise<Ended> =>
  call(REPOSITORY, stage.directory, ['phase9', 'doctor', '--profile', 'live', ...args], {
    ...stage.environment,
    ...environment,
  });
/** The line of a finding. */
const lineOf = ({ stdout }: Ended, name: string): string =>
  stdout.split('\n').find((line) => line.slice(6).startsWith(`${name}: `)) ?? `no line of ${name} in:\n${stdout}`;

describe('phase9 doctor with the profile live', () => {
  before(() => stage.start());
  after(() => stage.stop());
  beforeEach(() => stage.settings());

  it('names product, OpenShell, builder, agents and releases, finds every row ready, and changes nothing', async () => {
    const before = directoryDigest(stage.root, new Set());
    const ended = await doctor();
    expect(ended.stderr).to.equal('');
    expect(lineOf(ended, 'product')).to.match(/^ok .*NemoClaw \(package 0\.0\.53\) at \S+NemoClaw, no checkout/);
    expect(lineOf(ended, 'release')).to.match(/^ok .*The tree is NemoClaw v0\.0\.53/);
    expect(lineOf(ended, 'nemoclaw')).to.match(/^ok .*printed 0\.0\.53, as the tree does/);
    for (const name of ['openshell', 'openshell-gateway', 'openshell-sandbox']) {
      expect(lineOf(ended, name)).to.equal(`ok    ${name}: 0.0.44 at ${path.join(stage.openshell, name)}`);
    }
    expect(lineOf(ended, 'image builder')).to.match(/^ok .*engine 28\.0\.0, github\.com\/docker\/buildx/);
    expect(lineOf(ended, 'preflight image')).to.match(/^ok .*busybox:probe, here/);
    expect(lineOf(ended, 'old OpenClaw')).to.match(/^ok .*2026\.5\.20 by Dockerfile\.base with OPENCLAW_VERSION/);
    expect(lineOf(ended, 'old Hermes Agent')).to.match(/^ok .*2026\.5\.7 by agents\/hermes\/Dockerfile\.base/);
    expect(lineOf(ended, 'mirror of releases')).to.match(/^ok /);
    for (const row of [50, 51, 52, 53, 54, 55, 56]) expect(lineOf(ended, `AQ-0${row}`)).to.match(/^ok .*can run/);
    expect(lineOf(ended, 'AQ-054')).to.match(/not applicable: (\d+) of \1 assertions, because the SUT/);
    expect(ended.exit).to.equal(0);
    expect(directoryDigest(stage.root, new Set())).to.equal(before);
  });

  it('says what an old agent lacks, which scenarios that stops, and ends with 1', async () => {
    stage.settings({ oldAgents: {} });
    const ended = await doctor();
    expect(lineOf(ended, 'old Hermes Agent')).to.match(
      /^FAIL .*HERMES_TARBALL_SHA256 is missing.*Set it in live\.oldAgents\.hermes in phase9\.yaml$/,
    );
    expect(lineOf(ended, 'AQ-050')).to.match(
      /^warn .*can run: rebuild-lifecycle, rebuild-neighbours, rebuild-openclaw, .*; cannot run: rebuild-hermes \(old Hermes Agent\)$/,
    );
    expect(lineOf(ended, 'AQ-053')).to.match(/^ok /);
    expect(ended.stderr).to.equal('phase9 doctor: 2 of 7 rows cannot run, or not whole: AQ-050, AQ-052\n'.trim());
    expect(ended.exit).to.equal(1);
  });

  it('says what an image, a mirror and an address lack', async () => {
    stage.settings({
      oldAgents: { openclaw: { version: '2026.4.24', image: 'registry.test/old:1' } },
      releases: path.join(stage.directory, 'bin'),
      endpoint: '192.0.2.1',
    });
    stage.images.delete('busybox:probe');
    const ended = await doctor();
    stage.images.add('busybox:probe');
    expect(lineOf(ended, 'old OpenClaw')).to.match(
      /^FAIL .*2026\.4\.24 from the image registry\.test\/old:1 is not here/,
    );
    expect(lineOf(ended, 'mirror of releases')).to.match(
      /^FAIL .*lacks install\.sh, nemoclaw\.git, openshell\/v0\.0\.36/,
    );
    expect(lineOf(ended, 'endpoint')).to.match(/^FAIL .*nothing can listen on 192\.0\.2\.1/);
    expect(lineOf(ended, 'preflight image')).to.match(/^FAIL .*busybox:probe is not here.*no such manifest/);
    expect(lineOf(ended, 'AQ-050')).to.match(/^FAIL .*rebuild-openclaw \([^)]*preflight image/);
    expect(lineOf(ended, 'AQ-053')).to.match(/^ok /);
  });

  it('names a program of another installation than the tree', async () => {
    stage.program('NemoClaw/bin/nemoclaw', 'echo nemoclaw v0.0.54');
    const ended = await doctor();
    stage.program('NemoClaw/bin/nemoclaw', 'mkdir -p "$HOME/.nemoclaw"; echo nemoclaw v0.0.53');
    expect(lineOf(ended, 'nemoclaw')).to.match(/^FAIL .*printed 0\.0\.54, and the tree is of 0\.0\.53.*NEMOCLAW_ROOT/);
    expect(ended.exit).to.equal(1);
  });

  it('names another OpenShell, and what the product needs', async () => {
    stage.program('openshell-bin/openshell-gateway', 'echo openshell-gateway 0.0.45');
    const ended = await doctor();
    stage.program('openshell-bin/openshell-gateway', 'echo openshell-gateway 0.0.44');
    expect(lineOf(ended, 'openshell-gateway')).to.match(/^FAIL .*0\.0\.45 at .*; this NemoClaw needs exactly 0\.0\.44/);
    expect(lineOf(ended, 'AQ-050')).to.match(/^FAIL .*rebuild-hermes \(openshell-gateway\)/);
    expect(lineOf(ended, 'AQ-051')).to.match(/^warn .*can run: installer-openshell-version-pin/);
  });

  it('demands buildx where a Dockerfile of the tree needs BuildKit, and warns elsewhere', async () => {
    stage.write('no-buildx', '');
    const plain = await doctor();
    const base = 'FROM debian:13\nARG OPENCLAW_VERSION=2026.5.22\n';
    stage.write('NemoClaw/Dockerfile.base', `${base}RUN --mount=type=bind,target=/x true\n`);
    const needing = await doctor();
    stage.write('NemoClaw/Dockerfile.base', base);
    rmSync(path.join(stage.directory, 'no-buildx'));
    expect(lineOf(plain, 'image builder')).to.match(/^warn .*without buildx/);
    expect(lineOf(plain, 'AQ-053')).to.match(/^ok /);
    expect(lineOf(needing, 'image builder')).to.match(/^FAIL .*without buildx.*Install docker-buildx/);
    expect(lineOf(needing, 'AQ-053')).to.match(/^FAIL .*image builder/);
  });

  it('names who has the gateway’s port', async () => {
    const server = createServer().listen(28_080, '127.0.0.1');
    await once(server, 'listening');
    stage.program('elsewhere/openshell-gateway', 'sleep 60; true');
    const gateway = spawn(path.join(stage.directory, 'elsewhere/openshell-gateway'), [], {
      env: { HOME: '/home/of-somebody', PATH: stage.bin },
      detached: true,
    });
    try {
      await once(gateway, 'spawn');
      const ended = await doctor();
      expect(lineOf(ended, 'port 28080 (gateway)')).to.match(
        new RegExp(`^FAIL .*in use; there runs .*a gateway \\(pid ${gateway.pid}, HOME /home/of-somebody\\)`),
      );
      expect(lineOf(ended, 'port 28789 (dashboard)')).to.match(/^ok /);
      expect(lineOf(ended, 'AQ-056')).to.match(/^warn .*plugin-runtime-exdev \(port 28080 \(gateway\)\)/);
    } finally {
      process.kill(-(gateway.pid ?? 0), 'SIGKILL');
      server.close();
    }
  });

  it('prints one JSON array, in which a row names itself', async () => {
    const { stdout, exit } = await doctor({}, '--json');
    const findings = JSON.parse(stdout) as { name: string; row?: string; state: string }[];
    expect(findings.filter(({ row }) => row !== undefined).map(({ row, state }) => [row, state])).to.deep.equal(
      [50, 51, 52, 53, 54, 55, 56].map((row) => [`AQ-0${row}`, 'ok']),
    );
    expect(exit).to.equal(0);
  });

  it('is one sentence and 2 where there is no OpenShell or no NemoClaw; a run says the same, and stages nothing', async () => {
    const PATH = stage.bin;
    const ended = await doctor({ PATH });
    expect([ended.exit, ended.stdout]).to.deep.equal([2, '']);
    expect(ended.stderr).to.match(/^phase9 doctor: there is no `openshell` on PATH: install the OpenShell .*$/);
    const home = path.join(stage.directory, 'run');
    const run = await call(REPOSITORY, home, ['phase9', 'run', '--profile', 'live', '--tags', '@AQ-050'], {
      ...stage.environment,
      PATH,
    });
    expect(run.exit).to.equal(2);
    expect(run.stderr)
      .to.contain(ended.stderr.replace('phase9 doctor: ', 'phase9: '))
      .and.contain('nothing was staged');
    expect(stagedIn(home).filter((name) => !/^(journals|locks|runs|work)?$/.test(name))).to.deep.equal([]);
    const none = await doctor({ PATH, NEMOCLAW_ROOT: stage.bin });
    expect([none.exit, none.stdout]).to.deep.equal([2, '']);
    expect(none.stderr).to.match(
      /^phase9 doctor: NEMOCLAW_ROOT=.*no nemoclaw-blueprint\/blueprint\.yaml there; name a NemoClaw/,
    );
  });

  it('is 2 for settings that are wrong, with their place', async () => {
    stage.write('wrong.yaml', 'live:\n  bound: {}\n');
    const ended = await doctor({ PHASE9_CONFIG: path.join(stage.directory, 'wrong.yaml') });
    expect(ended.exit).to.equal(2);
    expect(ended.stderr).to.match(/wrong\.yaml:2:3: live\.bound: is not a setting; did you mean bounds\?$/);
  });

  it('refuses a run in which nothing can run, with the reason, before it stages anything', async () => {
    stage.settings({ oldAgents: {} });
    const home = path.join(stage.directory, 'refused');
    const tags = '@AQ-050 and @hermes';
    const run = await call(REPOSITORY, home, ['phase9', 'run', '--profile', 'live', '--tags', tags], stage.environment);
    expect(run.exit).to.equal(2);
    expect(run.stderr).to.match(/rebuild-hermes cannot run: old Hermes Agent: .*HERMES_TARBALL_SHA256 is missing/);
    expect(readdirSync(path.join(home, 'reports'), { recursive: true })).to.deep.equal([]);
    rmSync(home, { recursive: true });
  });
});

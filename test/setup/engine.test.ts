import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { ensureEngine } from '../../src/cli/setup/engine';
import { askEngine } from '../../src/cli/setup/engine-answer';
import type { Machine } from '../../src/cli/setup/machine';
import { UserError } from '../../src/user-error';

const BOUNDS = { answer: 5_000, start: 3_000, poll: 20, install: 5_000 };

/** Answers while the file `up` is there, and like the real command while it is not. */
const DOCKER = `
echo "docker $*" >> "$STAGE/calls"
if [ -e "$STAGE/up" ]; then echo '{"Version":"99.1","Os":"linux","Arch":"amd64"}'; exit 0; fi
if [ -e "$STAGE/forbidden" ]; then echo 'permission denied while trying to connect to the Docker daemon socket' >&2; exit 1; fi
echo 'Cannot connect to the Docker daemon at unix:///nowhere. Is the docker daemon running?' >&2; exit 1`;
const DOCKERD = `echo "dockerd $*" >> "$STAGE/calls"; echo $$ > "$STAGE/dockerd.pid"; : > "$STAGE/up"; exec /bin/sleep 30`;
const DOCKERD_FAILS = `echo "dockerd $*" >> "$STAGE/calls"; echo 'no control groups here'; exit 1`;
/** Installs by putting the staged programs onto PATH. */
const APT_GET = `
echo "apt-get $*" >> "$STAGE/calls"
if [ "$1" = install ]; then /bin/cp "$STAGE/packages/"* "$STAGE/bin/"; fi`;

describe('Docker Engine in set-up', () => {
  let stage: string;
  let reported: string[];
  const signal = new AbortController().signal;

  beforeEach(() => {
    stage = mkdtempSync(path.join(tmpdir(), 'phase9-engine-'));
    reported = [];
    for (const directory of ['bin', 'packages']) mkdirSync(path.join(stage, directory));
  });

  afterEach(() => {
    const pid = path.join(stage, 'dockerd.pid');
    if (existsSync(pid)) process.kill(Number(readFileSync(pid, 'utf8')), 'SIGKILL');
    rmSync(stage, { recursive: true });
  });

  const program = (name: string, script: string, directory = 'bin'): void => {
    const file = path.join(stage, directory, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };
  const machine = (overrides: Partial<Machine> = {}): Machine => ({
    root: true,
    debianLike: true,
    serviceManager: 'none',
    env: { PATH: path.join(stage, 'bin'), STAGE: stage },
    engineLog: path.join(stage, 'state', 'dockerd.log'),
    ...overrides,
  });
  const ensure = (overrides: Partial<Machine> = {}, installAllowed = true) =>
    ensureEngine(machine(overrides), installAllowed, (text) => reported.push(text), signal, BOUNDS);
  const problem = async (attempt: Promise<unknown>): Promise<string> => {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (!(error instanceof UserError)) throw new Error(`not a UserError but ${String(error)}`);
    expect(error.exitStatus).to.equal(2);
    return error.message;
  };
  const calls = (): string[] => {
    const file = path.join(stage, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  };
  const up = (): void => writeFileSync(path.join(stage, 'up'), '');

  it('uses the one that answers and touches nothing', async () => {
    for (const [name, script] of [
      ['docker', DOCKER],
      ['dockerd', DOCKERD],
      ['apt-get', APT_GET],
    ] as const) {
      program(name, script);
    }
    up();
    expect((await ensure()).version).to.equal('99.1');
    expect(calls()).to.deep.equal(['docker version --format {{json .Server}}']);
    expect(reported).to.deep.equal([]);
  });

  it('starts an installed one that is stopped, and writes its log into the state directory', async () => {
    program('docker', DOCKER);
    program('dockerd', `echo 'hello from dockerd'\n${DOCKERD}`);
    program('apt-get', APT_GET);
    expect((await ensure()).version).to.equal('99.1');
    expect(calls().filter((call) => !call.startsWith('docker '))).to.deep.equal(['dockerd ']);
    expect(reported.join()).to.contain('starting dockerd');
    expect(readFileSync(path.join(stage, 'state', 'dockerd.log'), 'utf8')).to.contain('hello from dockerd');
  });

  it('refreshes the package lists, installs docker.io and starts it when there is none', async () => {
    program('docker', DOCKER, 'packages');
    program('dockerd', DOCKERD, 'packages');
    program('apt-get', APT_GET);
    expect((await ensure()).version).to.equal('99.1');
    const others = calls().filter((call) => !call.startsWith('docker '));
    expect(others[0]).to.equal('apt-get update -qq');
    expect(others[1]).to.match(/^apt-get install --yes .*docker\.io$/);
    expect(others[2]).to.equal('dockerd ');
    expect(reported[0]).to.contain('installing docker.io');
  });

  it('asks for docker-cli as well where that is a package of its own', async () => {
    program('docker', DOCKER, 'packages');
    program('dockerd', DOCKERD, 'packages');
    program('apt-get', APT_GET);
    program('apt-cache', 'exit 0');
    await ensure();
    expect(calls().find((call) => call.startsWith('apt-get install'))).to.match(/docker\.io docker-cli$/);
  });

  it('leaves the start to the service manager where there is one', async () => {
    program('docker', DOCKER);
    program('dockerd', DOCKERD);
    program('systemctl', 'echo "systemctl $*" >> "$STAGE/calls"; : > "$STAGE/up"');
    await ensure({ serviceManager: 'systemd' });
    expect(calls()).to.include('systemctl start docker');
    expect(calls()).to.not.include('dockerd ');
  });

  it('neither installs nor starts when PHASE9_INSTALL_ENGINE=0', async () => {
    program('docker', DOCKER);
    program('dockerd', DOCKERD);
    program('apt-get', APT_GET);
    expect(await problem(ensure({}, false))).to.contain('PHASE9_INSTALL_ENGINE=0 forbids');
    expect(calls().every((call) => call.startsWith('docker '))).to.equal(true);
  });

  it('reports to a user without root what to install', async () => {
    expect(await problem(ensure({ root: false }))).to.match(/no Docker Engine answers .*needs root/);
  });

  it('leaves other distributions alone', async () => {
    program('apt-get', APT_GET);
    expect(await problem(ensure({ debianLike: false }))).to.contain('Debian and Ubuntu only');
    expect(calls()).to.deep.equal([]);
  });

  it('never replaces the engine that DOCKER_HOST names', async () => {
    program('docker', DOCKER);
    program('dockerd', DOCKERD);
    const env = { ...machine().env, DOCKER_HOST: 'tcp://192.0.2.9:2375' };
    expect(await problem(ensure({ env }))).to.contain('DOCKER_HOST is tcp://192.0.2.9:2375');
    expect(calls()).to.not.include('dockerd ');
  });

  it('reports that the socket refuses this user, and starts no second engine', async () => {
    program('docker', DOCKER);
    program('dockerd', DOCKERD);
    writeFileSync(path.join(stage, 'forbidden'), '');
    expect(await problem(ensure())).to.contain('group docker');
    expect(calls()).to.not.include('dockerd ');
  });

  it('shows the end of the log when dockerd ends at once', async () => {
    program('docker', DOCKER);
    program('dockerd', DOCKERD_FAILS);
    const message = await problem(ensure());
    expect(message).to.contain('ended at once (exit status 1)');
    expect(message).to.contain('no control groups here');
  });

  it('reports a failed installation', async () => {
    program('apt-get', '[ "$1" = update ] || { echo "E: Unable to locate package docker.io" >&2; exit 100; }');
    expect(await problem(ensure())).to.match(/apt-get install docker\.io failed .*Unable to locate package/);
  });

  it('distinguishes a hanging engine from a missing one', async () => {
    program('docker', 'exec /bin/sleep 30');
    const state = await askEngine(machine(), signal, { ...BOUNDS, answer: 100 });
    expect(state).to.deep.include({ answers: false, why: 'broken', output: 'timed-out' });
    expect(await askEngine(machine({ env: { PATH: '/nonexistent' } }), signal, BOUNDS)).to.deep.include({
      why: 'no-cli',
    });
  });
});

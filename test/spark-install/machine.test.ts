import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { announced } from '../../src/checks/spark-install-runs';
import { registerSecret } from '../../src/secrets/redact';
import { ReleaseServer } from '../../src/staging/release-server';
import { type EngineOfMachine, layOutSpark, MACHINE_CHANGING } from '../../src/staging/spark-install-machine';
import { readSettings } from '../../src/staging/spark-install-settings';
import { textOf } from '../../src/sut/host-cli';
import type { InstallerMachine } from '../../src/sut/installer-machine';
import { BOUND } from '../openshell-installer/machine';
import { temporaryDirectory } from '../temporary-directory';

const LOOK = { processor: 'aarch64', gpu: 'NVIDIA GB10', home: 'root' } as const;

describe('a machine that looks like a DGX Spark', () => {
  const directory = temporaryDirectory('spark');
  const server = new ReleaseServer(path.join(directory, 'published'));
  const machines: Record<string, InstallerMachine> = {};
  const made = (engine: EngineOfMachine): InstallerMachine => {
    const at = path.join(directory, engine.replaceAll(' ', '-'));
    mkdirSync(at, { recursive: true });
    const machine = machines[engine] ?? layOutSpark(at, LOOK, engine, {});
    machines[engine] = machine;
    return machine;
  };
  const run = async (engine: EngineOfMachine, script: string) => {
    const { exit, stdout, stderr } = (await made(engine).run(['bash', '-c', script], BOUND)).peek();
    return { exit, stdout: textOf(stdout).trim(), stderr: textOf(stderr).trim() };
  };
  before(async () => {
    mkdirSync(path.join(directory, 'published/openshell'), { recursive: true });
    writeFileSync(path.join(directory, 'published/install.sh'), 'echo installing\n');
    writeFileSync(path.join(directory, 'published/openshell/asset'), 'the asset');
    await server.listenOn(path.join(directory, 's'));
    const { host } = made('answers');
    writeFileSync(path.join(host, 'socket'), path.join(directory, 's'));
    writeFileSync(path.join(host, 'routes'), 'https://one.test/x.sh install.sh\nhttps://two.test/dl/ openshell/\n');
  });
  after(() => server.close());

  it('looks like one wherever an installer could look', async () => {
    const look =
      '. /etc/dgx-release; echo "$DGX_NAME"; cat /sys/class/dmi/id/product_name; uname -m; nvidia-smi -L; id -u';
    const { stdout } = await run('silent', look);
    const [name, product, processor, gpu, user] = stdout.split('\n');
    expect([name, product, processor, user]).to.deep.equal(['DGX Spark', 'NVIDIA_DGX_Spark', 'aarch64', '0']);
    expect(gpu).to.contain('NVIDIA GB10');
  });

  it('runs the system of this host', async () => {
    const { stdout } = await run('silent', 'uname; uname -s; uname -r; uname -sm');
    const own = (option: string) => execFileSync('uname', [option], { encoding: 'utf8' }).trim();
    expect(stdout.split('\n')).to.deep.equal([own('-s'), own('-s'), own('-r'), `${own('-s')} aarch64`]);
  });

  it('has all other settings of this host, and cannot change them', async () => {
    const { stdout, exit } = await run('silent', 'cat /etc/passwd && ! echo x >>/etc/passwd');
    expect(exit).to.equal(0);
    expect(stdout).to.equal(readFileSync('/etc/passwd', 'utf8').trim());
  });

  it('keeps changes of its settings to itself, and shows them in its readings', async () => {
    const was = readSettings(made('silent')).peek();
    const { exit, stderr } = await run('silent', 'echo "{}" >/etc/docker/daemon.json && echo x >/etc/phase9-spark');
    expect(stderr).to.equal('');
    expect(exit).to.equal(0);
    const is = readSettings(made('silent')).peek();
    const changed = Object.keys(is).filter((name) => is[name] !== was[name]);
    expect(changed).to.deep.equal(['etc/docker/daemon.json', 'etc/phase9-spark']);
    expect(existsSync('/etc/phase9-spark')).to.equal(false);
  });

  it('lets its programs write nowhere else, by no path that leads out of it', async () => {
    const { own, directory: around } = made('silent');
    const outside = [
      around,
      path.join(around, 'places/as-it-is', own),
      path.join(around, 'places/as-it-is/tmp'),
      '/tmp',
    ];
    for (const place of outside) {
      const { exit, stderr } = await run('silent', `touch '${place}/phase9-${process.pid}'`);
      expect(exit, place).to.equal(1);
      expect(stderr).to.match(/Read-only file system/);
    }
  });

  it('records commands that would change it as a whole, and changes nothing', async () => {
    const machine = made('silent');
    machine.startRecording();
    const { exit } = await run('silent', 'sudo -n systemctl restart docker && usermod -aG docker me && sudo -v');
    expect(exit).to.equal(0);
    const calls = machine.calls().peek();
    expect(calls).to.deep.equal([
      ['sudo', '-n', 'systemctl', 'restart', 'docker'],
      ['systemctl', 'restart', 'docker'],
      ['usermod', '-aG', 'docker', 'me'],
      ['sudo', '-v'],
    ]);
    const { stdout } = await run('silent', `command -v ${MACHINE_CHANGING.join(' ')}`);
    for (const line of stdout.split('\n')) expect(path.dirname(line)).to.equal(machine.tools);
  });

  it('has an engine that answers, or one that does not', async () => {
    expect((await run('silent', 'docker --version')).exit).to.equal(0);
    for (const question of ['docker info', "docker version --format '{{.Server.Version}}'"]) {
      expect((await run('silent', question)).exit).to.equal(1);
      expect((await run('answers', question)).exit).to.equal(0);
    }
    expect((await run('answers', 'docker run x')).exit).to.equal(1);
  });

  it('fetches what is staged without a network, and nothing else', async () => {
    const piped = "curl --proto '=https' --tlsv1.2 -fsSL https://one.test/x.sh | bash";
    expect((await run('answers', piped)).stdout).to.equal('installing');
    expect(
      (await run('answers', 'curl -fsSL https://two.test/dl/asset -o "$TMPDIR/a" && cat "$TMPDIR/a"')).stdout,
    ).to.equal('the asset');
    expect((await run('answers', 'curl -fsSL https://two.test/dl/other')).exit).to.equal(22);
    expect(await run('answers', 'curl -fsSL https://get.docker.com')).to.include({ exit: 6 });
    expect(await run('answers', 'curl -fsSL https://127.0.0.1.example.test/')).to.include({ exit: 6 });
    // A port of this host where nobody listens: the owner's endpoint is reached so.
    expect(await run('answers', 'curl -fsSL http://127.0.0.1:9/')).to.include({ exit: 7 });
  });

  it('keeps a credential that a program got as an argument out of what records show of the calls', async () => {
    const credential = `canary-${'x'.repeat(24)}`;
    registerSecret(credential);
    await run('answers', `curl -H 'Authorization: Bearer ${credential}' http://127.0.0.1:9/`);
    const { entry } = made('answers').calls();
    expect(JSON.stringify(entry)).to.contain('http://127.0.0.1:9/').and.not.contain(credential);
  });

  it('gives a fresh login shell its own programs and no others', async () => {
    const machine = made('silent');
    const login = (await machine.login('echo "$PATH"', BOUND)).peek();
    expect(textOf(login.stdout).trim()).to.equal(machine.tools);
  });
});

describe('the steps that a command announces', () => {
  it('are found in order, whatever else is printed and however they are indented', () => {
    const noise = fc.string().filter((text) => !/\[\d+\/\d+\]|\n/.test(text));
    const titles = fc.array(fc.stringMatching(/^[A-Za-z][a-z ]{0,10}[a-z]$/), { maxLength: 8 });
    fc.assert(
      fc.property(titles, noise, fc.stringMatching(/^ {0,4}$/), (all, other, indent) => {
        const lines = all.map((title, index) => `[${index + 1}/8] ${title}`);
        const text = lines.map((line) => `${other}\n${indent}${line}\n[1/3] ${other}`).join('\n');
        expect(announced(text, 8)).to.deep.equal(lines);
      }),
    );
  });
});

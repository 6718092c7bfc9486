import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import { inRepository } from '../../src/repository';
import { proveConfined } from '../../src/staging/openshell-installer';
import { LINUX } from '../../src/staging/openshell-releases';
import { rejection } from '../rejection';
import { temporaryDirectory } from '../temporary-directory';
import { BOUND, machineIn, runScript } from './machine';

/** Tries to get the right to write, and then to write to every place that the arguments name. */
const HOSTILE = `
mount -o remount,rw / || true
mount -o remount,bind,rw / || true
umount "$TMPDIR/.." || true
for place; do
  touch "$place" && echo "wrote $place"
done
echo mine >"$TMPDIR/mine"
grep CapEff /proc/self/status
cut -s -d: -f1 /proc/net/dev
`;

describe('a staged machine', () => {
  const directory = temporaryDirectory('machine');
  const { machine } = machineIn(path.join(directory, 'one'), LINUX, ['1.0.0']);
  const name = `phase9-hostile-${process.pid}`;
  const outside = [
    '/usr/local/bin',
    homedir(),
    '/tmp',
    '/dev/shm',
    '/etc',
    machine.host,
    machine.tools,
    machine.directory,
  ].map((place) => path.join(place, name));

  it('lets a hostile installer write only to the machine’s own part', async () => {
    const mountsBefore = readFileSync('/proc/self/mountinfo', 'utf8');
    try {
      const { stdout, stderr } = await runScript(machine, HOSTILE, ...outside);
      expect(stdout.toString(), stderr.toString()).not.to.contain('wrote ');
      expect(outside.filter((file) => existsSync(file))).to.deep.equal([]);
      expect(readFileSync(path.join(machine.own, 'tmp/mine'), 'utf8')).to.equal('mine\n');
      // Without a capability and a network the installer cannot undo the confinement.
      expect(stdout.toString()).to.match(/CapEff:\s+0+$/m);
      expect(stdout.toString().trim().split('\n').at(-1)?.trim()).to.equal('lo');
      const options = (text: string) => new Set(text.split('\n').map((line) => line.split(' ').slice(4, 6).join(' ')));
      const now = options(readFileSync('/proc/self/mountinfo', 'utf8'));
      for (const one of options(mountsBefore)) {
        // Engines mount and unmount containers all the time; no mount may have become read-only.
        const [place] = one.split(' ');
        if ([...now].some((other) => other.startsWith(`${place} `))) expect([...now]).to.include(one);
      }
    } finally {
      for (const file of outside) rmSync(file, { force: true });
    }
  });

  it('shows its programs the staged commands and the real tools, and nothing else', async () => {
    const script =
      'for one in uname gh curl codesign tar strings sha256sum docker node; do command -v $one; done; uname -s';
    const { stdout } = await runScript(machine, script);
    const found = stdout.toString().trim().split('\n');
    const named = ['uname', 'gh', 'curl', 'codesign', 'tar', 'strings', 'sha256sum'];
    expect(found).to.deep.equal([...named.map((one) => path.join(machine.tools, one)), 'Linux']);
  });

  it('proves that it is confined', async () => {
    expect(await proveConfined(machine, BOUND)).to.match(/Read-only file system/);
  });

  it('starts nothing where this host does not permit unshare, and reports the reason', async () => {
    const refusing = path.join(directory, 'refusing');
    mkdirSync(refusing);
    writeFileSync(
      path.join(refusing, 'unshare'),
      '#!/bin/sh\necho "unshare failed: Operation not permitted" >&2\nexit 1\n',
      {
        mode: 0o755,
      },
    );
    const usual = process.env.PATH;
    process.env.PATH = `${refusing}${path.delimiter}${usual}`;
    try {
      const started = path.join(machine.own, 'tmp/started');
      const message = await rejection(() => runScript(machine, 'touch "$1"', started));
      expect(message)
        .to.match(/was not started/)
        .and.match(/unshare is not permitted here: .*Operation not permitted/);
      expect(message).to.match(/user and mount namespaces/);
      expect(existsSync(started)).to.equal(false);
    } finally {
      process.env.PATH = usual;
    }
  });

  it('changes no mounts where the confinement runs without its own namespaces', () => {
    const confine = inRepository('fixtures/openshell-installer/confined.sh');
    const own = execFileSync('readlink', ['/proc/self/ns/mnt'], { encoding: 'utf8' }).trim();
    // A `mount` that changes nothing: without the refusal, this machine would still stay as it is.
    const harmless = path.join(directory, 'harmless');
    mkdirSync(harmless);
    writeFileSync(path.join(harmless, 'mount'), `#!/bin/sh\necho mounted >>'${harmless}/log'\nexit 1\n`, {
      mode: 0o755,
    });
    const call = () =>
      execFileSync('sh', [confine, '--inside', own, machine.own, machine.home, '/bin', 'true'], {
        env: { PATH: `${harmless}${path.delimiter}${process.env.PATH}` },
        stdio: 'pipe',
      });
    expect(call).to.throw(/a mount namespace that is not its own/);
    expect(readdirSync(harmless)).to.deep.equal(['mount']);
  });
});

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';
import { LINUX, MAC, neededArchives, programText, VM_DRIVER } from '../../src/staging/openshell-releases';
import { temporaryDirectory } from '../temporary-directory';
import { BOUND, machineIn } from './machine';

const URL = 'https://github.com/NVIDIA/OpenShell/releases';
const ASSET = 'openshell-x86_64-unknown-linux-musl.tar.gz';

describe('the staged release host', () => {
  const directory = temporaryDirectory('release-host');
  const { machine, releases } = machineIn(path.join(directory, 'linux'), LINUX, ['1.0.0', '1.0.1']);
  const into = path.join(machine.own, 'tmp');
  const gh = async (...args: string[]) =>
    (await machine.run(['gh', 'release', 'download', ...args, '--dir', into, '--clobber'], BOUND)).peek();
  const curl = async (...args: string[]) => (await machine.run(['curl', ...args], BOUND)).peek();
  const requests = () =>
    machine
      .requests()
      .peek()
      .map(({ by, tag, release, asset }) => `${by} ${tag} ${release} ${asset}`);

  beforeEach(() => machine.startRecording());

  it('hands real archives with their real checksums to gh and curl alike', async () => {
    machine.signIn();
    const sums = 'openshell-checksums-sha256.txt';
    for (const file of [ASSET, sums]) {
      expect((await gh('v1.0.0', '--repo', 'NVIDIA/OpenShell', '--pattern', file)).exit).to.equal(0);
    }
    expect(execFileSync('sha256sum', ['-c', sums], { cwd: into, encoding: 'utf8' })).to.equal(`${ASSET}: OK\n`);
    expect((await curl('-fsSL', `${URL}/download/v1.0.0/${ASSET}`, '-o', path.join(into, 'other'))).exit).to.equal(0);
    expect(readFileSync(path.join(into, 'other')).equals(readFileSync(path.join(into, ASSET)))).to.equal(true);
    execFileSync('tar', ['xzf', ASSET], { cwd: into });
    expect(readFileSync(path.join(into, 'openshell'), 'utf8')).to.equal(programText('openshell', '1.0.0'));
    expect(requests()).to.deep.equal([
      `gh v1.0.0 v1.0.0 ${ASSET}`,
      `gh v1.0.0 v1.0.0 ${sums}`,
      `curl v1.0.0 v1.0.0 ${ASSET}`,
    ]);
  });

  for (const [what, tag, repository, asset] of [
    ['tag', 'v1.0.2', 'NVIDIA/OpenShell', ASSET],
    ['tag that is only a word', 'latest', 'NVIDIA/OpenShell', ASSET],
    ['tag that leads out of it', '..', 'NVIDIA/OpenShell', ASSET],
    ['asset', 'v1.0.0', 'NVIDIA/OpenShell', 'openshell-x86_64-unknown-linux-gnu.tar.gz'],
    ['repository', 'v1.0.0', 'NVIDIA/Other', ASSET],
  ] as const) {
    it(`refuses an unknown ${what}, as gh does with status 1 and curl -f with 22`, async () => {
      machine.signIn();
      const before = readdirSync(into);
      const byGh = await gh(tag, '--repo', repository, '--pattern', asset);
      expect(byGh.exit, byGh.stderr.toString()).to.equal(1);
      const url = `https://github.com/${repository}/releases/download/${tag}/${asset}`;
      expect((await curl('-fsSL', url, '-o', path.join(into, 'refused'))).exit).to.equal(22);
      expect(readdirSync(into)).to.deep.equal(before);
      expect(requests()).to.deep.equal([`gh ${tag} null ${asset}`, `curl ${tag} null ${asset}`]);
    });
  }

  it('answers a request for the newest release with that release', async () => {
    machine.signIn();
    await gh('--repo', 'NVIDIA/OpenShell', '--pattern', ASSET);
    await curl('-fsSL', `${URL}/latest/download/${ASSET}`, '-o', path.join(into, 'newest'));
    expect(requests()).to.deep.equal([`gh newest v1.0.1 ${ASSET}`, `curl newest v1.0.1 ${ASSET}`]);
  });

  it('hands out every asset that a pattern matches', async () => {
    machine.signIn();
    await gh('v1.0.0', '--repo', 'NVIDIA/OpenShell', '--pattern', 'openshell-*-linux-gnu.tar.gz');
    expect(requests().map((one) => one.split(' ')[3])).to.deep.equal([
      'openshell-gateway-x86_64-unknown-linux-gnu.tar.gz',
      'openshell-sandbox-x86_64-unknown-linux-gnu.tar.gz',
    ]);
  });

  it('refuses any other host, and any option that it would have to ignore', async () => {
    expect((await curl('-fsSL', 'https://downloads.test/openshell')).exit).to.equal(6);
    expect((await curl('--insecure', `${URL}/download/v1.0.0/${ASSET}`)).exit).to.equal(2);
  });

  it('lets gh download only for an operator who is signed in', async () => {
    const other = machineIn(path.join(directory, 'signed-out'), LINUX, ['1.0.0']).machine;
    const argv = ['gh', 'release', 'download', 'v1.0.0', '--repo', 'NVIDIA/OpenShell', '--pattern', ASSET] as const;
    expect((await other.run(argv, BOUND)).peek().exit).to.equal(4);
    expect(other.requests().peek()).to.deep.equal([]);
    expect(other.calls().peek()).to.deep.equal([[...argv]]);
  });

  it('offers the driver for virtual machines to Macs, so that a request for it succeeds', async () => {
    const mac = machineIn(path.join(directory, 'mac'), MAC, ['1.0.0']).machine;
    const asset = `${VM_DRIVER}-aarch64-apple-darwin.tar.gz`;
    await mac.run(['curl', '-fsSL', `${URL}/download/v1.0.0/${asset}`, '-o', path.join(mac.own, 'tmp', asset)], BOUND);
    expect(mac.requests().peek()).to.deep.include({ by: 'curl', tag: 'v1.0.0', release: 'v1.0.0', asset });
  });

  it('hands out another archive while one is tampered with, and the right one afterwards', async () => {
    const archive = neededArchives(LINUX)[0];
    if (!archive) throw new Error('a Linux machine needs an archive');
    const right = releases.digestOf('1.0.0', archive.asset);
    const during = await releases.tamperedWith(archive, async () => releases.digestOf('1.0.0', archive.asset));
    expect(during).not.to.equal(right);
    expect(releases.digestOf('1.0.0', archive.asset)).to.equal(right);
  });
});

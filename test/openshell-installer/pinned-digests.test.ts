import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { LINUX, neededArchives, pinnedDigest } from '../../src/staging/openshell-releases';
import { temporaryDirectory } from '../temporary-directory';
import { BOUND, machineIn, runScript } from './machine';

/** A script that pins digests as an installer of August does, a case arm for each archive. */
function pinning(version: string, digests: Readonly<Record<string, string>>): string {
  const arms = Object.entries(digests).map(
    ([asset, digest]) => `    v${version}:${asset})\n      printf '%s\\n' "${digest}"\n      ;;\n`,
  );
  return `pinned_sha256() {\n  case "$1:$2" in\n${arms.join('')}    *)\n      return 1\n      ;;\n  esac\n}\n`;
}

const VERIFY = 'cd "$1" && sha256sum -c - <"$2"';

describe('the digests that an installer pins', () => {
  it('are found for exactly the archive and release that they are pinned for', () => {
    const asset = fc.stringMatching(/^[a-z0-9_-]{1,12}$/).map((name) => `${name}.tar.gz`);
    const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
    const version = fc.tuple(fc.nat(9), fc.nat(99), fc.nat(199)).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(fc.dictionary(asset, digest), version, version, asset, (pinned, one, other, wanted) => {
        const script = pinning(one, pinned);
        const expected = Object.hasOwn(pinned, wanted) ? pinned[wanted] : undefined;
        expect(pinnedDigest(script, one, wanted)).to.equal(expected);
        if (other !== one) expect(pinnedDigest(script, other, wanted)).to.equal(undefined);
        for (const [name, value] of Object.entries(pinned)) expect(pinnedDigest(script, one, name)).to.equal(value);
      }),
    );
  });

  it('are none where a release or an archive is only mentioned', () => {
    const script = `# v1.0.0:a.tar.gz is published elsewhere\ncase $1 in\n  v1.0.0:b.tar.gz) echo "${'b'.repeat(64)}" ;;\nesac\n`;
    expect(pinnedDigest(script, '1.0.0', 'a.tar.gz')).to.equal(undefined);
    expect(pinnedDigest(script, '1.0.0', 'b.tar.gz')).to.equal('b'.repeat(64));
  });
});

describe('a machine whose installer pins digests', () => {
  const directory = temporaryDirectory('pinned');
  const archives = neededArchives(LINUX);
  const pinned = Object.fromEntries(archives.map(({ asset }, index) => [asset, String(index).repeat(64)]));
  const { machine, releases } = machineIn(
    path.join(directory, 'pinned'),
    LINUX,
    ['1.0.0', '1.0.1'],
    pinning('1.0.0', pinned),
  );
  const release = (version: string) => path.join(machine.host, 'releases', `v${version}`);
  const verified = (version: string, sums: string) => runScript(machine, VERIFY, release(version), sums);
  const [first] = archives;
  if (!first) throw new Error('a Linux machine needs an archive');

  it('publishes those digests, and shows them of the staged archives', async () => {
    const sums = path.join(release('1.0.0'), first.checksums);
    const { stdout } = await verified('1.0.0', sums);
    expect(stdout.toString()).to.equal(`${first.asset}: OK\n`);
    const shown = (await machine.run(['sha256sum', path.join(release('1.0.0'), first.asset)], BOUND)).peek();
    expect(shown.stdout.toString().slice(0, 64)).to.equal(pinned[first.asset]);
  });

  it('refuses an archive that was tampered with, by status and in words', async () => {
    const sums = path.join(release('1.0.0'), first.checksums);
    const { exit, stdout, stderr } = await releases.tamperedWith(first, () => verified('1.0.0', sums));
    expect([exit, stdout.toString()]).to.deep.equal([1, `${first.asset}: FAILED\n`]);
    expect(stderr.toString()).to.contain('1 computed checksum did NOT match');
    expect((await verified('1.0.0', sums)).exit).to.equal(0);
  });

  it('has each archive’s own digest where two are the same bytes', async () => {
    const [, second] = archives;
    if (!second) throw new Error('a Linux machine needs two archives');
    const bytes = Buffer.from('the same');
    const replaced = (archive: typeof first, during: () => Promise<void>) =>
      releases.whileChanged(archive, ({ replaceBy }) => replaceBy(bytes), during);
    await replaced(first, () =>
      replaced(second, async () => {
        for (const { asset, checksums } of [first, second]) {
          const { stdout } = await verified('1.0.0', path.join(release('1.0.0'), checksums));
          expect(stdout.toString()).to.equal(`${asset}: OK\n`);
        }
      }),
    );
  });

  it('refuses a staged archive under its real digest, which nobody published', async () => {
    const sums = path.join(directory, 'real');
    writeFileSync(sums, `${releases.digestOf('1.0.0', first.asset)}  ${first.asset}\n`);
    expect((await verified('1.0.0', sums)).exit).to.equal(1);
  });

  it('has the real digests of a release for which none are pinned, and of any other file', async () => {
    const sums = path.join(release('1.0.1'), first.checksums);
    expect((await verified('1.0.1', sums)).stdout.toString()).to.equal(`${first.asset}: OK\n`);
    const shown = (await machine.run(['sha256sum', path.join(release('1.0.1'), first.asset)], BOUND)).peek();
    expect(shown.stdout.toString().slice(0, 64)).to.equal(releases.digestOf('1.0.1', first.asset));
  });

  it('refuses a file that is not there, and an option that it would have to ignore', async () => {
    const missing = path.join(directory, 'missing');
    writeFileSync(missing, `${'0'.repeat(64)}  nowhere.tar.gz\n`);
    expect((await verified('1.0.0', missing)).exit).to.equal(1);
    expect((await machine.run(['sha256sum', '--tag', '/etc/hostname'], BOUND)).peek().exit).to.equal(1);
  });
});

describe('a machine whose installer pins no digest', () => {
  const directory = temporaryDirectory('unpinned');
  const { machine, releases } = machineIn(path.join(directory, 'unpinned'), LINUX, ['1.0.0']);

  it('has the real sha256sum', async () => {
    const help = (await machine.run(['sha256sum', '--version'], BOUND)).peek();
    expect(help.stdout.toString()).to.match(/^sha256sum /);
    for (const { asset } of neededArchives(LINUX)) {
      const shown = (await machine.run(['sha256sum', path.join(releases.directory, 'v1.0.0', asset)], BOUND)).peek();
      expect(shown.stdout.toString().slice(0, 64)).to.equal(releases.digestOf('1.0.0', asset));
    }
  });
});

import { existsSync } from 'node:fs';
import path from 'node:path';
import { seconds } from '../../sut/until';
import type { Installation, Look } from './look';

const MIRROR = 'live.releases in phase9.yaml';
const ADVICE = `Make it reachable, or name a local mirror in ${MIRROR}`;

/** Where an installer gets both releases of the product and the old OpenShell: a local mirror, or the public addresses. */
export async function lookAtReleases(installation: Installation): Promise<Look[]> {
  const { local, installer, old } = installation.profile.upgrade;
  if (local === null) {
    return Promise.all([
      lookAtRepository(installation),
      lookAtAddress(installation, 'installer', installer),
      lookAtAddress(installation, 'old OpenShell release', archivesOf(installation, old.openshell)),
    ]);
  }
  const lacking = ['install.sh', 'nemoclaw.git', `openshell/v${old.openshell}`].filter(
    (one) => !existsSync(path.join(local, one)),
  );
  const refs = lacking.includes('nemoclaw.git')
    ? []
    : await refsMissingIn(installation, path.join(local, 'nemoclaw.git'));
  return [mirrorLook('mirror of releases', local, [...lacking, ...refs.map((ref) => `${ref} in nemoclaw.git`)])];
}

/** Where an installer gets the OpenShell of the product under test. */
export async function lookAtOpenshellRelease(installation: Installation): Promise<Look[]> {
  const { local, current } = installation.profile.upgrade;
  const name = 'OpenShell release';
  if (local === null) return [await lookAtAddress(installation, name, archivesOf(installation, current.openshell))];
  const archives = `openshell/v${current.openshell}`;
  return [mirrorLook(name, local, existsSync(path.join(local, archives)) ? [] : [archives])];
}

function mirrorLook(name: string, directory: string, lacking: readonly string[]): Look {
  if (lacking.length === 0) return { name, state: 'ok', found: `in the mirror ${directory}` };
  const found = `the mirror ${directory} lacks ${lacking.join(', ')}`;
  return { name, state: 'fail', found, advice: `Complete it, or name another in ${MIRROR}` };
}

async function refsMissingIn({ profile, ask }: Installation, repository: string): Promise<string[]> {
  const refs = [profile.upgrade.old.ref, profile.upgrade.current.ref];
  const there = await Promise.all(
    refs.map((ref) => ask(['git', '--git-dir', repository, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`])),
  );
  return refs.filter((_, index) => there[index]?.ok !== true);
}

async function lookAtRepository({ profile, ask }: Installation): Promise<Look> {
  const { repository, old, current } = profile.upgrade;
  const name = 'git repository';
  const { ok, stdout, how } = await ask(['git', 'ls-remote', '--tags', repository], seconds(10));
  if (!ok) return { name, state: 'fail', found: `${repository} does not answer (${how})`, advice: ADVICE };
  // A commit is not listed, and can be cloned nevertheless.
  const tags = [old.ref, current.ref].filter((ref) => ref.startsWith('v') && !stdout.includes(`refs/tags/${ref}\n`));
  if (tags.length === 0) return { name, state: 'ok', found: `${repository} answers` };
  return { name, state: 'fail', found: `${repository} has no tag ${tags.join(', ')}`, advice: ADVICE };
}

async function lookAtAddress({ ask }: Installation, name: string, url: string): Promise<Look> {
  const { ok, how } = await ask(['curl', '-fsSIL', '-o', '/dev/null', '--max-time', '5', url], seconds(7));
  if (ok) return { name, state: 'ok', found: `${url} answers` };
  return { name, state: 'fail', found: `${url} does not answer (${how})`, advice: ADVICE };
}

/** An address of an OpenShell release: its list of checksums, which installers fetch first. */
function archivesOf({ profile }: Installation, openshell: string): string {
  return `${profile.upgrade.assets}v${openshell}/openshell-checksums-sha256.txt`;
}

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SutIdentity } from '../evidence/record';
import { directoryDigest } from './directory-digest';
import type { Profile } from './profile';
import { releaseOf } from './releases/choose';

const known = new Map<string, Promise<SutIdentity>>();

/** The identity of the SUT, read once in a process and before anything is staged in its tree. */
export function identityOf(profile: Profile): Promise<SutIdentity> {
  let identity = known.get(profile.distribution);
  if (!identity) {
    identity = look(profile);
    known.set(profile.distribution, identity);
  }
  return identity;
}

async function look(profile: Profile): Promise<SutIdentity> {
  const version = versionOf(path.join(profile.distribution, profile.tree));
  const { execa } = require('execa') as typeof import('execa');
  const git = async (...args: string[]) => {
    const { exitCode, stdout } = await execa('git', ['-C', profile.distribution, ...args], { reject: false });
    return exitCode === 0 ? stdout : null;
  };
  const [commit, status] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain')]);
  return {
    kind: profile.kind,
    version,
    commit,
    treeDigest: treeDigest(profile.distribution),
    dirty: status === null ? null : status !== '',
  };
}

/** The version that the tree names; where it names none and is of a known release, that of the release. */
function versionOf(tree: string): string {
  const { treeVersion, nearest, name } = releaseOf(tree);
  if (treeVersion !== null) return treeVersion;
  if (!nearest) return name.replace(/^v/, '');
  const packageFile = path.join(tree, 'package.json');
  return existsSync(packageFile) ? String(JSON.parse(readFileSync(packageFile, 'utf8')).version) : 'unknown';
}

/** What is installed into a tree, or kept about it, and is no part of it. */
const BESIDE_THE_TREE: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** SHA-256 over a SUT's tree, the same wherever and whenever it lies. */
export function treeDigest(directory: string): string {
  return directoryDigest(directory, BESIDE_THE_TREE);
}

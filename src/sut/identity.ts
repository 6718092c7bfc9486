import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { SutIdentity } from '../evidence/record';
import type { Profile } from './profile';

const known = new Map<string, Promise<SutIdentity>>();

/** Who the SUT is, seen once in a process and before anything is staged in its tree. */
export function identityOf(profile: Profile): Promise<SutIdentity> {
  let identity = known.get(profile.distribution);
  if (!identity) {
    identity = look(profile);
    known.set(profile.distribution, identity);
  }
  return identity;
}

async function look(profile: Profile): Promise<SutIdentity> {
  const tree = path.join(profile.distribution, profile.tree);
  const packageFile = path.join(tree, 'package.json');
  const version = existsSync(packageFile) ? String(JSON.parse(readFileSync(packageFile, 'utf8')).version) : 'unknown';
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

const skipped = new Set(['node_modules', '.git']);

/** SHA-256 over the sorted list of relative path and content digest of every file below `directory`. */
export function treeDigest(directory: string): string {
  const files: string[] = [];
  const walk = (at: string) => {
    for (const one of readdirSync(at, { withFileTypes: true })) {
      if (skipped.has(one.name)) continue;
      const full = path.join(at, one.name);
      if (one.isDirectory()) walk(full);
      else if (one.isFile()) files.push(full);
    }
  };
  walk(directory);
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    const content = createHash('sha256').update(readFileSync(file)).digest('hex');
    hash.update(`${path.relative(directory, file)}\0${content}\n`);
  }
  return hash.digest('hex');
}

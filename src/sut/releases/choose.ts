import { existsSync } from 'node:fs';
import { august2026 } from './2026-08';
import type { Release, ReleaseFacts, Signs } from './release';
import { PLACEHOLDER, signsOf, type TreeSigns } from './tree-signs';
import { v0_0_53 } from './v0.0.53';
import { nearerTo, type ReleaseNumber, releaseNumberIn } from './versions';

/** Every release whose facts are known, the oldest first. */
export const knownReleases: readonly ReleaseFacts[] = [v0_0_53, august2026];

const chosen = new Map<string, Release>();

/** The release of the SUT in `tree`. It is read once in a process, so that what a scenario stages in the tree cannot change it. */
export function releaseOf(tree: string): Release {
  let release = chosen.get(tree);
  if (!release) {
    release = releaseWith(signsOf(tree));
    // A tree that is still to be built tells more later.
    if (existsSync(tree)) chosen.set(tree, release);
  }
  return release;
}

/**
 * The known release that these signs are of, else the nearest: by version, then by the OpenShell that is pinned; where nothing
 * tells, the newest.
 */
export function releaseWith(signs: TreeSigns): Release {
  const facts = [...knownReleases].reverse().sort((a, b) => byNearness(signs, a.signs, b.signs))[0] ?? august2026;
  const doubt = doubtOf(signs, facts.signs);
  return { ...facts, nearest: doubt !== null, found: sentence(signs, facts, doubt), treeVersion: signs.version };
}

function byNearness(signs: TreeSigns, a: Signs, b: Signs): number {
  const known = (one: Signs) => (signs.commit !== null && one.commits.includes(signs.commit) ? 0 : 1);
  return (
    known(a) - known(b) ||
    nearer(signs.version, a.version, b.version) ||
    nearer(signs.openshell, a.openshell, b.openshell)
  );
}

function nearer(from: string | null, a: string, b: string): number {
  const [origin, left, right] = [from, a, b].map((one) => (one === null ? null : releaseNumberIn(one)));
  return origin && left && right ? nearerTo(origin, left, right) : 0;
}

/** Why the tree may be of another release than that of `known`; null where it is of that one. */
function doubtOf({ version, commit, openshell }: TreeSigns, known: Signs): string | null {
  if (commit !== null && known.commits.includes(commit)) return null;
  if (version === null && openshell === null) return 'the tree names neither a version nor an OpenShell';
  const number: ReleaseNumber | null = version === null ? null : releaseNumberIn(version);
  if (openshell !== known.openshell) return `that one pins OpenShell ${known.openshell}`;
  if (number === null) return 'the tree names no version, and pins the same OpenShell';
  if (known.tagged && version === known.version) return null;
  return known.tagged ? `that one is ${known.version}` : `that one is a commit after ${known.version}`;
}

function sentence({ version, commit, openshell }: TreeSigns, { name }: ReleaseFacts, doubt: string | null): string {
  const seen = [
    version === null ? `no version, or only the ${PLACEHOLDER} of every checkout` : `version ${version}`,
    `OpenShell ${openshell ?? 'not named'}`,
    ...(commit === null ? [] : [`commit ${commit.slice(0, 9)}`]),
  ].join(', ');
  return doubt === null
    ? `The tree is NemoClaw ${name} (${seen}).`
    : `The tree is of no release that this suite knows (${seen}). It is taken for NemoClaw ${name}, the nearest one: ${doubt}.`;
}

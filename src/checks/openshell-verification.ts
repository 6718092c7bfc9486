import type { AssertionContext } from '../evidence/assertion';
import type { FaultyRun } from '../staging/openshell-verification';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { refuses, succeeds } from './command';
import { changesOf } from './openshell-installer';

/** What a run is about, for the words of its comparisons. */
function nameOf({ fault, archive }: FaultyRun): string {
  return archive ? `${archive.asset}: ${fault}` : fault;
}

/**
 * The runs in which the installer met the fault. One that did not ask for the file has not refused it either; other assertions check
 * what it must ask for.
 */
function met(a: AssertionContext, world: Phase9World): readonly FaultyRun[] {
  const runs = world.get('faultyRuns').filter(({ metBy, requests }) => {
    const asked = a.see(requests).map(({ asset }) => asset);
    return metBy.some((file) => asked.includes(file));
  });
  a.isNotEmpty('runs in which the installer asked for what was wrong', runs.map(nameOf));
  return runs;
}

/** Each run ended with an error, and nothing on the machine changed; without a fault the installer succeeds. */
export function refusesEachFault(a: AssertionContext, world: Phase9World): void {
  for (const run of met(a, world)) {
    refuses(a, run.outcome, `the installer, ${nameOf(run)}`);
    const before = a.see(run.before);
    a.includes('programs installed before', [...before.keys()], 'bin/openshell');
    a.isEmpty(`files that changed, ${nameOf(run)}`, changesOf(before, a.see(run.after)));
  }
  succeeds(a, world.get('faultlessRun'), 'the installer with nothing wrong');
}

/**
 * The error of each refusal names the archive, or its checksum file; where not a download but the machine is at fault, it tells of the
 * checksum. Standard output does not count: it may list every download, whatever became of it.
 */
export function namesEachFault(a: AssertionContext, world: Phase9World): void {
  const refusals = met(a, world).filter(({ outcome }) => a.see(outcome).exit !== 0);
  a.isNotEmpty('refusals', refusals.map(nameOf));
  for (const run of refusals) {
    const error = textOf(a.see(run.outcome).stderr);
    const names = run.archive ? [run.archive.asset, run.archive.checksums] : [];
    const told = names.filter((name) => error.includes(name));
    if (run.archive) a.moreThan(`names of the download in the error, ${nameOf(run)}: ${error.trim()}`, told.length, 0);
    else a.matches(`error, ${nameOf(run)}`, error, /sha-?256|checksum/i, 'that it tells of the checksum');
  }
}

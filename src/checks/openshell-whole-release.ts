import type { AssertionContext } from '../evidence/assertion';
import { neededArchives, tagOf } from '../staging/openshell-releases';
import type { RunOver } from '../staging/openshell-whole-release';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';
import { expectation } from './expectation';
import { changesOf, pinnedPrograms, programsIn } from './openshell-installer';

/** The installer ended with 0, and the programs are those of the pinned release. */
function isWhole(a: AssertionContext, world: Phase9World, { what, outcome, after }: RunOver): void {
  succeeds(a, outcome, `the installer, ${what}`);
  const pinned = pinnedPrograms(world);
  a.equals(`SHA-256 of the programs, ${what}`, programsIn(a.see(after), Object.keys(pinned)), pinned);
}

/**
 * The installer ended with 0 and the whole pinned release; or with another status, a reason, and every file as it was. It may choose,
 * but it never reports a success that is none.
 */
function isWholeOrRefused(a: AssertionContext, world: Phase9World, run: RunOver): void {
  const { ended, exit } = a.see(run.outcome);
  a.equals(`how the installer ended, ${run.what}`, ended, 'exited');
  if (exit === 0) {
    isWhole(a, world, run);
    return;
  }
  const output = printed(a, run.outcome).trim();
  a.isEmpty(`files that changed, ${run.what}`, changesOf(a.see(run.before), a.see(run.after)));
  if (run.place === null)
    a.matches(`output of the refusal, ${run.what}`, output, /openshell/i, 'that it names OpenShell');
  else a.includes(`output of the refusal, ${run.what}`, output, run.place);
}

/** After each kill the next run completes the release or refuses; a run that is not killed completes it. */
export function recoversAfterKills(a: AssertionContext, world: Phase9World): void {
  for (const run of expectation('the runs after kills', world.get('runsAfterKills'))) isWholeOrRefused(a, world, run);
  isWhole(a, world, world.get('runToTheEnd'));
}

/** No mixture is accepted; the whole release is, without a download. */
export function acceptsNoMixture(a: AssertionContext, world: Phase9World): void {
  const whole = world.get('runToTheEnd');
  for (const run of expectation('the mixtures', world.get('runsOverEach'))) isWholeOrRefused(a, world, run);
  isWhole(a, world, whole);
  a.isEmpty(
    'requests to the release host over the whole release',
    a.see(whole.requests).map(({ asset }) => asset),
  );
}

/** Whatever stands in the way is overcome or named; with nothing in the way the release is completed. */
export function overcomesOrNamesHindrances(a: AssertionContext, world: Phase9World): void {
  for (const run of expectation('the hindrances', world.get('runsOverEach'))) isWholeOrRefused(a, world, run);
  isWhole(a, world, world.get('runToTheEnd'));
}

/** Without a sign-in the installer gets every archive of the pinned release by another way, and installs it. */
export async function fallsBackWithoutSignIn(a: AssertionContext, world: Phase9World): Promise<void> {
  const [machine, release] = [world.get('machine'), tagOf(world.profile.release.openshellInstaller.pinned)];
  const answered = a.see(world.get('requests')).filter((one) => one.release === release && one.by !== 'gh');
  const archives = neededArchives(world.get('releases').platform).map(({ asset }) => asset);
  a.hasAll(
    'assets that were handed out to somebody who is not signed in',
    answered.map(({ asset }) => asset),
    archives,
  );
  const pinned = pinnedPrograms(world);
  succeeds(a, world.get('outcome'), 'the installer');
  const files = a.see(await machine.files(world.profile.bounds.command));
  a.equals('SHA-256 of the programs', programsIn(files, Object.keys(pinned)), pinned);
}

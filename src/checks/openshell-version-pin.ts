import type { AssertionContext } from '../evidence/assertion';
import { tagOf } from '../staging/openshell-releases';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { succeeds } from './command';
import { distinct, pinnedPrograms, programsIn, requestsMade } from './openshell-installer';

export function requestsPinnedReleaseOnly(a: AssertionContext, world: Phase9World): void {
  const tags = distinct(requestsMade(a, world).map(({ tag }) => tag));
  a.equals('release tags requested', tags, [tagOf(world.profile.release.openshellInstaller.pinned)]);
}

/** No request names the release that is too new, and that release answers none. */
export function ignoresTooNewRelease(a: AssertionContext, world: Phase9World): void {
  const tooNew = tagOf(world.profile.release.openshellInstaller.tooNew);
  const wrong = requestsMade(a, world).filter(({ tag, release }) => tag === tooNew || release === tooNew);
  a.isEmpty(
    `requests that name ${tooNew}, or that it answered`,
    wrong.map(({ tag, asset }) => `${asset} of ${tag}`),
  );
}

export async function pinnedOpenshellIsInstalled(a: AssertionContext, world: Phase9World): Promise<void> {
  const machine = world.get('machine');
  const call = await machine.run([`${machine.programs}/openshell`, '--version'], world.profile.bounds.command);
  const { stdout } = succeeds(a, call, '`openshell --version`');
  a.equals('its output', textOf(stdout).trim(), `openshell ${world.profile.release.openshellInstaller.pinned}`);
}

export async function pinnedHelpersAreInstalled(a: AssertionContext, world: Phase9World): Promise<void> {
  const files = a.see(await world.get('machine').files(world.profile.bounds.command));
  const { 'bin/openshell': _openshell, ...helpers } = pinnedPrograms(world);
  a.equals('SHA-256 of the helpers', programsIn(files, Object.keys(helpers)), helpers);
}

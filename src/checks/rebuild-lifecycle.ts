import type { AssertionContext } from '../evidence/assertion';
import type { Phase9World } from '../world/world';
import { earlierBackupsUnchanged, sameBackups } from './backup';
import { printed, refuses } from './command';
import { expectation } from './expectation';
import { markerAsWritten } from './marker';
import { sameContainer, sameRegistryEntry } from './sandbox';
import { namesVersionInside } from './sandbox-truth';

/** The status names the version that runs inside the sandbox, whatever the registry names. */
export async function statusShowsVersion(a: AssertionContext, world: Phase9World): Promise<void> {
  const inside = a.see(await world.sandbox().agentVersion());
  namesVersionInside(a, world, printed(a, world.get('outcome')), inside);
}

/** The status names the version that NemoClaw expects, and how to get it. */
export function statusNamesRebuild(a: AssertionContext, world: Phase9World): void {
  const text = printed(a, world.get('outcome'));
  a.includes('the status', text, `nemoclaw ${world.get('sandbox')} rebuild`);
  a.includes('the status', text, expectation('the expected version', world.get('expectedVersion')));
}

export function connectNamesRebuild(a: AssertionContext, world: Phase9World): void {
  const command = `nemoclaw ${world.get('sandbox')} rebuild`;
  a.includes('what connect prints', printed(a, world.get('outcome')), command);
}

/** Refused, because the sandbox is stopped; container, registry and earlier backups are as before. */
export async function refusesStopped(a: AssertionContext, world: Phase9World): Promise<void> {
  const text = refuses(a, world.get('outcome'), 'the rebuild');
  const { refusesStopped, refusesStoppedInWords } = world.profile.release.phrases;
  a.matches('what the rebuild prints', text, refusesStopped, refusesStoppedInWords);
  await sameContainer(a, world, 'exited');
  sameRegistryEntry(a, world);
  earlierBackupsUnchanged(a, world);
}

/** Refused; no backup came or went, and the sandbox runs with its marker. */
export async function refusesWithoutBackup(a: AssertionContext, world: Phase9World): Promise<void> {
  refuses(a, world.get('outcome'), 'the rebuild');
  sameBackups(a, world);
  await sameContainer(a, world, 'running');
  await markerAsWritten(a, world);
}

/** Refused, with the name of the missing credential; container, registry and marker are as before. */
export async function refusesWithoutCredential(a: AssertionContext, world: Phase9World): Promise<void> {
  const text = refuses(a, world.get('outcome'), 'the rebuild');
  a.includes('what the rebuild prints', text, world.get('missingCredential'));
  await sameContainer(a, world, 'running');
  sameRegistryEntry(a, world);
  await markerAsWritten(a, world);
}

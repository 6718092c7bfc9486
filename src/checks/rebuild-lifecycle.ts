import type { AssertionContext } from '../evidence/assertion';
import type { Phase9World } from '../world/world';
import { earlierBackupsUnchanged, sameBackups } from './backup';
import { printed, refuses } from './command';
import { markerAsWritten } from './marker';
import { sameContainer, sameRegistryEntry } from './sandbox';

/** The line by which `nemoclaw <sandbox> status` names the agent and its version. */
const AGENT_LINE = /^\s*Agent:\s+\S.*\bv\d+\.\d+\.\d+\S*\s*$/m;

export function statusShowsVersion(a: AssertionContext, world: Phase9World): void {
  a.matches('the status', printed(a, world.get('outcome')), AGENT_LINE, 'a line `Agent: … v<version>`');
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

import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { Interruption } from '../staging/rebuild-recovery';
import type { BreakName } from '../staging/rebuild-recovery-breaks';
import { waysBackIn } from '../staging/way-back';
import { agentFacts } from '../sut/agents';
import type { CommandResult } from '../sut/command';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { newBackup, newestManifest } from './backup';
import { printed, succeeds } from './command';
import { livePolicyOpensPresets, registryListsPresets, sessionNamesNoOthers } from './policy';
import { allIsKept, kept, lackingIn } from './rebuild-refusal';
import { ready } from './sandbox';

function interruptionBy(world: Phase9World, name: BreakName): Interruption {
  const interruption = world.get('interruptions')[name];
  if (interruption === undefined) throw new Error(`no rebuild was ended by ${name}`);
  return interruption;
}

/** The rebuild made one backup; its manifest lists the directories of the owner's files and the presets, and every file is in it. */
export function backupHasAll(a: AssertionContext, world: Phase9World): void {
  const name = newBackup(a, world);
  if (name === undefined) return;
  const sandbox = world.get('sandbox');
  a.isTrue('the backup has its manifest', a.see(world.own.durable.isComplete(sandbox, name)));
  a.isEmpty('the owner’s files that the backup lacks', lackingIn(a, world, name));
  const { backedUpDirs, policyPresets } = newestManifest(a, world);
  const { stateDirectory } = agentFacts[world.get('agent')];
  const places = kept(world).map(({ path }) => path.slice(stateDirectory.length + 1).split('/')[0] ?? '');
  a.hasAll('the directories of the manifest', backedUpDirs ?? [], [...new Set(places)]);
  a.hasAll('the presets of the manifest', policyPresets ?? [], world.get('presets'));
}

/** The owner reads a command that brings the sandbox back; a rebuild ends with 0 only where nothing has to be brought back. */
export async function tellsTheWayBack(a: AssertionContext, world: Phase9World, name: BreakName): Promise<void> {
  const { outcome, told } = interruptionBy(world, name);
  if (a.see(outcome).exit === 0) return everythingIsBack(a, world);
  const commands = waysBackIn(printed(a, told), world.get('sandbox')).map((words) => words.join(' '));
  a.isNotEmpty('commands that the owner reads to bring the sandbox back', commands);
}

/** The commands that the owner was told worked, and everything is back. */
export async function wayBackWorks(a: AssertionContext, world: Phase9World, name: BreakName): Promise<void> {
  const { outcome, wayBack } = interruptionBy(world, name);
  if (a.see(outcome).exit !== 0) lastWorked(a, wayBack);
  await everythingIsBack(a, world);
}

function lastWorked(a: AssertionContext, wayBack: readonly Observation<CommandResult>[]): void {
  const last = wayBack.at(-1);
  if (last === undefined) throw new Error('the owner was told no command that brings the sandbox back');
  for (const command of wayBack.slice(0, -1)) a.see(command);
  succeeds(a, last, 'the last command of the way back');
}

/** The choices of the owner that a registry entry has: a sandbox that comes back without them is another one. */
const CHOICES = ['agent', 'provider', 'model'] as const;

/**
 * The sandbox is Ready and registered with its owner's choices, opens what it opened and no more, now and after a further rebuild, and has
 * every file.
 */
export async function everythingIsBack(a: AssertionContext, world: Phase9World): Promise<void> {
  const { entry, policy } = world.get('furnishedAs');
  await ready(a, world);
  const now = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  const choices = (of: typeof entry) => CHOICES.map((name) => of?.[name] ?? null);
  a.equals(`${CHOICES.join(', ')} in the registry`, choices(now), choices(entry));
  registryListsPresets(a, world);
  sessionNamesNoOthers(a, world, world.get('presets'));
  await livePolicyOpensPresets(a, world);
  const live = a.see(await world.own.gateway.policyDocument(world.get('sandbox')));
  a.isEmpty(
    'what differs in the network policy',
    settingsDifferences(policy.network_policies ?? {}, live.network_policies ?? {}),
  );
  await allIsKept(a, world);
}

/** The second rebuild ended what the first one had begun: it succeeded, nothing is lost, and every backup is as it was. */
export async function secondRebuildFinishes(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('outcome'), 'the second rebuild');
  await everythingIsBack(a, world);
  const before = Object.entries(world.get('backupDigestsBefore'));
  const now = a.see(world.own.durable.backupDigests(world.get('sandbox')));
  a.isEmpty(
    'earlier backups that are gone, or have another content',
    before.filter(([name, digest]) => now[name] !== digest).map(([name]) => name),
  );
}

/** The onboarding was refused and the sandbox is the one that it was, or a new one was made; its files are there in both cases. */
export async function madeAnewWithItsState(a: AssertionContext, world: Phase9World): Promise<void> {
  const { exit } = a.see(world.get('outcome'));
  const now = a.see(await world.sandbox().container());
  a.equals('whether there is a new container', now?.id !== world.get('containerBefore'), exit === 0);
  await ready(a, world);
  await allIsKept(a, world);
}

/** The rebuild of a sandbox without container names the way back, which brings back what the newest backup had. */
export async function lostIsBroughtBack(a: AssertionContext, world: Phase9World): Promise<void> {
  const wayBack = world.get('wayBackFromLoss');
  if (a.see(world.get('outcome')).exit !== 0) lastWorked(a, wayBack);
  await ready(a, world);
  await allIsKept(a, world);
}

import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { Interruption } from '../staging/rebuild-recovery';
import type { BreakName } from '../staging/rebuild-recovery-breaks';
import { waysBackIn } from '../staging/way-back';
import { agentFacts } from '../sut/agents';
import type { CommandResult } from '../sut/command';
import type { Phase9World } from '../world/world';
import { newBackup, newestManifest } from './backup';
import { printed, succeeds } from './command';
import { allIsKept, kept, lackingIn, presetsAreKept } from './rebuild-refusal';
import { ready, registered } from './sandbox';

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

/** The rebuild does not end with 0 where it was not made, and the owner reads a command that brings the sandbox back. */
export function tellsTheWayBack(a: AssertionContext, world: Phase9World, name: BreakName): void {
  const { outcome, told } = interruptionBy(world, name);
  const { exit } = a.see(outcome);
  if (exit === 0) {
    a.equals('exit status of a rebuild that found a way past what would have ended it', exit, 0);
    return;
  }
  const commands = waysBackIn(printed(a, told), world.get('sandbox')).map((words) => words.join(' '));
  a.isNotEmpty('commands that the owner reads to bring the sandbox back', commands);
}

/** The commands that the owner was told worked, and everything is back. */
export async function wayBackWorks(a: AssertionContext, world: Phase9World, name: BreakName): Promise<void> {
  const { outcome, wayBack } = interruptionBy(world, name);
  if (a.see(outcome).exit !== 0) ended(a, wayBack);
  await everythingIsBack(a, world);
}

function ended(a: AssertionContext, wayBack: readonly Observation<CommandResult>[]): void {
  const last = wayBack.at(-1);
  if (last === undefined) throw new Error('the owner was told no command that brings the sandbox back');
  for (const command of wayBack.slice(0, -1)) a.see(command);
  succeeds(a, last, 'the last command of the way back');
}

/** The sandbox is Ready, registered, and has presets, files and the agent of this release. */
export async function everythingIsBack(a: AssertionContext, world: Phase9World): Promise<void> {
  await ready(a, world);
  registered(a, world);
  await presetsAreKept(a, world);
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
  const same = now?.id === world.get('containerBefore');
  a.equals(
    'whether the onboarding ended with 0, and made a new sandbox',
    { succeeded: exit === 0, same },
    {
      succeeded: !same,
      same,
    },
  );
  await ready(a, world);
  await allIsKept(a, world);
}

/** The rebuild of a sandbox without container names the way back, which brings back what the newest backup had. */
export async function lostIsBroughtBack(a: AssertionContext, world: Phase9World): Promise<void> {
  const wayBack = world.get('wayBackFromLoss');
  if (a.see(world.get('outcome')).exit !== 0) ended(a, wayBack);
  await ready(a, world);
  await allIsKept(a, world);
}

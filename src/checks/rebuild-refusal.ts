import type { AssertionContext } from '../evidence/assertion';
import { sha256 } from '../sha256';
import type { Keepsake } from '../staging/keepsakes';
import type { Attempt } from '../staging/rebuild-refusal';
import type { ObstacleName } from '../staging/rebuild-refusal-obstacles';
import { waysBackIn } from '../staging/way-back';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';
import { refuses } from './command';
import { expectation } from './expectation';
import { livePolicyOpensPresets, registryListsPresets } from './policy';
import { ready } from './sandbox';

function attemptWith(world: Phase9World, obstacle: ObstacleName): Attempt {
  const attempt = world.get('attempts')[obstacle];
  if (attempt === undefined) throw new Error(`no rebuild was tried with the obstacle ${obstacle}`);
  return attempt;
}

/** The files that the owner keeps in the sandbox. */
export function kept(world: Phase9World): readonly Keepsake[] {
  return expectation('the files that the owner keeps', [world.get('marker'), ...world.get('keepsakes')]);
}

/** Every file of the owner's is in the sandbox, with its bytes. */
export async function allIsKept(a: AssertionContext, world: Phase9World): Promise<void> {
  const files = kept(world);
  const now = a.see(await world.sandbox().digests(files.map(({ path }) => path)));
  const lost = files.flatMap(({ path, bytes }) => {
    if (now[path] === sha256(bytes)) return [];
    return [`${path}: ${now[path] === undefined ? 'gone, or not to be read' : 'other bytes'}`];
  });
  a.isEmpty('files of the owner’s that the sandbox has lost', lost);
}

/** The presets are registered and live. */
export async function presetsAreKept(a: AssertionContext, world: Phase9World): Promise<void> {
  registryListsPresets(a, world);
  await livePolicyOpensPresets(a, world);
}

/**
 * The rebuild was refused, and the owner has everything as it was: container, registry, session, live policy, agent and files. Or,
 * where the system under test finds a way past the obstacle, it was made, says so, and has kept everything.
 */
export async function untouchedBy(a: AssertionContext, world: Phase9World, obstacle: ObstacleName): Promise<void> {
  const { before, container, outcome } = attemptWith(world, obstacle);
  const after = a.see(container);
  if (after === null) {
    a.equals('exit status of a rebuild that replaced the sandbox', a.see(outcome).exit, 0);
    await ready(a, world);
    await presetsAreKept(a, world);
    await allIsKept(a, world);
    return;
  }
  const { durable, gateway } = world.own;
  const sandbox = world.get('sandbox');
  a.equals('container', after, before.container);
  a.equals('registry', a.see(durable.registry()), before.registry);
  a.equals('session', a.see(durable.session()), before.session);
  const [policy, version, process] = await Promise.all([
    gateway.policyDocument(sandbox),
    world.sandbox().agentVersion(),
    world.agentRuntime().firstProcess(),
  ]);
  a.equals('live policy', a.see(policy), before.policy);
  a.equals('version of the agent inside', a.see(version), before.version);
  if (before.process !== null) a.equals('pid of the agent’s first process', a.see(process), before.process);
  await allIsKept(a, world);
}

/**
 * The exit status tells whether the rebuild was made. Where it was not, the owner reads that nothing was lost; where the sandbox is gone all the same, the owner
 * does not read that, and reads how it comes back.
 */
export function tellsWhatBecame(a: AssertionContext, world: Phase9World, obstacle: ObstacleName): void {
  const { container, outcome } = attemptWith(world, obstacle);
  const { nothingLost, nothingLostInWords } = world.profile.release.phrases;
  const gone = a.see(container) === null;
  if (gone && a.see(outcome).exit === 0) {
    a.equals('how a rebuild that replaced the sandbox ended', a.see(outcome).ended, 'exited');
    return;
  }
  const told = refuses(a, outcome, 'the rebuild');
  if (!gone) {
    a.matches('what the rebuild prints', told, nothingLost, nothingLostInWords);
    return;
  }
  const lines = told.split('\n').filter((line) => nothingLost.test(line));
  a.isEmpty('lines that say that nothing was lost, of a sandbox that is gone', lines);
  a.isNotEmpty('commands that the owner reads to bring the sandbox back', waysBackIn(told, world.get('sandbox')));
}

/** Every earlier backup is as it was, and none of the new ones claims to be whole and lacks a file of the owner's. */
export function leavesNoFalseBackup(a: AssertionContext, world: Phase9World, obstacle: ObstacleName): void {
  const { before } = attemptWith(world, obstacle);
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  a.isNotEmpty('backups made before', Object.keys(before.backups));
  const now = a.see(durable.backupDigests(sandbox));
  const changed = Object.keys(before.backups).filter((name) => now[name] !== before.backups[name]);
  a.isEmpty('earlier backups that are gone, or have another content', changed);
  const added = Object.keys(now).filter((name) => before.backups[name] === undefined);
  const lacking = added.flatMap((name) => lackingIn(a, world, name).map((file) => `${name} lacks ${file}`));
  a.isEmpty('what new backups lack that claim to be whole', lacking);
}

/** The owner's files that a backup lacks though it claims to be whole: it has a manifest, which neither is empty nor tells of the failure. */
export function lackingIn(a: AssertionContext, world: Phase9World, backup: string): readonly string[] {
  const { durable } = world.own;
  const sandbox = world.get('sandbox');
  if (!a.see(durable.isComplete(sandbox, backup))) return [];
  const { backedUpDirs, failedBackupDirs } = a.see(durable.backupManifest(sandbox, backup));
  if (backedUpDirs?.length === 0) return [];
  const { files } = a.see(durable.backup(sandbox, backup));
  const { stateDirectory } = agentFacts[world.get('agent')];
  return kept(world)
    .map(({ path, bytes }) => ({ inside: path.slice(stateDirectory.length + 1), bytes }))
    .filter(({ inside }) => !failedBackupDirs?.includes(inside.split('/')[0] ?? ''))
    .filter(({ inside, bytes }) => !files.some((file) => file.path.endsWith(inside) && file.bytes.equals(bytes)))
    .map(({ inside }) => inside);
}

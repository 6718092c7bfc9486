import type { AssertionContext } from '../evidence/assertion';
import { jsonOf } from '../json';
import { installedCommit } from '../staging/upgrade-gateway-survivor';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';
import { markerInBackup, newBackup } from './backup';
import { printed, succeeds } from './command';
import { expectation } from './expectation';
import { completionIsAnswered } from './inference';
import { listed, ready, registered } from './sandbox';

/** Beats of 0.2 s each between two looks, two seconds together: a process that dies right after its start does not live that long. */
const BEATS = 10;

/** The `openshell` on PATH is that of the release. */
export async function commandLineIs(
  a: AssertionContext,
  world: Phase9World,
  release: 'old' | 'current',
): Promise<void> {
  const { cli } = world.own;
  const { openshell } = world.profile.upgrade[release];
  const call = await cli.must(cli.openshell(['--version'], { within: world.profile.bounds.command }));
  a.equals('output of `openshell --version`', textOf(a.see(call).stdout).trim(), `openshell ${openshell}`);
}

export async function oldSourceIsInstalled(a: AssertionContext, world: Phase9World): Promise<void> {
  a.equals('HEAD of the installed source', a.see(await installedCommit(world)), world.get('oldCommit'));
}

/** The registry has an entry of the sandbox, and `nemoclaw list` prints it. */
export async function registeredAndListed(a: AssertionContext, world: Phase9World): Promise<void> {
  registered(a, world);
  await listed(a, world);
}

export async function sandboxIsUnderOldGateway(a: AssertionContext, world: Phase9World): Promise<void> {
  await registeredAndListed(a, world);
  await ready(a, world);
  a.equals('version of the gateway', a.see(await world.own.gateway.version()), world.profile.upgrade.old.openshell);
}

/** The process that drives the heartbeat is the agent's, and lives on. */
export async function agentIsActive(a: AssertionContext, world: Phase9World): Promise<void> {
  const runtime = world.agentRuntime();
  const heartbeat = world.get('heartbeat');
  const first = a.see(await runtime.pulse(heartbeat));
  const later = a.see(await runtime.laterPulse(heartbeat, first.count + BEATS));
  a.isTrue('the process is alive', later.alive);
  a.moreThan('beats between two looks', later.count - first.count, BEATS);
  a.includes('command line of the process', later.command, runtime.program);
}

export function upgradeWasAccepted(a: AssertionContext, world: Phase9World): void {
  const text = printed(a, world.get('outcome'));
  const line = /Accepted experimental OpenShell gateway upgrade for (\d+) existing sandbox/.exec(text);
  a.equals('sandboxes for which the upgrade was accepted', line?.[1] ?? text, String(world.get('survivors').length));
}

/** The installer reports one backup and then the retirement of the gateway; files and events show the same order. */
export async function backedUpBeforeReplacement(a: AssertionContext, world: Phase9World): Promise<void> {
  reportsBackupFirst(a, printed(a, world.get('outcome')), world.get('survivors').length);
  const backup = newBackup(a, world);
  if (backup !== undefined) markerInBackup(a, world, backup);
  const { id, watch } = world.get('oldGateway');
  const stopped = a.see(await watch.endOf(id));
  const written = backup === undefined ? null : a.see(world.own.durable.backedUpAt(world.get('sandbox'), backup));
  a.that(
    'last change of the backup, and end of the old gateway',
    { written, stopped },
    'the backup first',
    written !== null && stopped !== null && written < stopped,
  );
}

function reportsBackupFirst(a: AssertionContext, output: string, count: number): void {
  const backup = /Pre-upgrade backup: .*/.exec(output);
  const retirement = /Retiring OpenShell \S+ gateway/.exec(output);
  a.equals(
    'report of the backup',
    backup?.[0] ?? output,
    `Pre-upgrade backup: ${count} backed up, 0 failed, 0 skipped`,
  );
  a.moreThan(
    'position of the gateway’s retirement in the output, after that of the backup',
    retirement?.index ?? -1,
    backup?.index ?? -1,
  );
}

/** The gateway reports the current version, which is not the old one. */
export async function currentGatewayRuns(a: AssertionContext, world: Phase9World): Promise<void> {
  const { old, current } = world.profile.upgrade;
  const version = a.see(await world.own.gateway.version());
  a.equals('version that the gateway reports', version, expectation('the current version', current.openshell));
  a.differs('version that the gateway reports', version, old.openshell);
}

/** The agent's program is on PATH, reports a version, and has a configuration with settings. */
export async function agentIsConfigured(a: AssertionContext, world: Phase9World): Promise<void> {
  const runtime = world.agentRuntime();
  a.differs('place of the agent’s program on PATH', a.see(await runtime.location()), null);
  a.isNotEmpty('settings in the agent’s configuration', settingsIn(a.see(await runtime.configuration())));
  a.matches('output of its version command', a.see(await runtime.versionText()), /\d+\.\d+\.\d+/, 'a version');
}

/** The top-level keys of a JSON object; none where the text is no such thing. */
function settingsIn(text: string): string[] {
  const value = jsonOf(text);
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

export async function sandboxAnswers(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, await world.sandbox().exec(['true']), 'a command in the sandbox');
  await completionIsAnswered(a, world);
}

/** The agent's own program runs in the sandbox. */
export async function agentAnswers(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(
    a,
    await world.sandbox().exec([world.agentRuntime().program, '--version']),
    'the agent’s command in the sandbox',
  );
}

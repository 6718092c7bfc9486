import { Given, Then, When } from '@cucumber/cucumber';
import { expectation } from '../checks/expectation';
import { completionIsAnswered } from '../checks/inference';
import { inAnotherContainer, markerAsWritten, markerInBackup } from '../checks/marker';
import type { AssertionContext } from '../evidence/assertion';
import { stageInstallerRefs } from '../staging/installer-refs';
import {
  agentRuntime,
  findSurvivor,
  installedCommit,
  installOldRelease,
  type OldWorld,
  oldWorld,
  pipeInstaller,
  runInstaller,
  stageHeartbeat,
} from '../staging/upgrade-gateway-survivor';
import { textOf } from '../sut/host-cli';
import { action, assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

/** A process that was only just started and dies again does not live that long: two seconds. */
const BEATS = 10;

/** What consents to the upgrade (contract, “Installers”). */
const CONSENT = 'NEMOCLAW_ACCEPT_EXPERIMENTAL_OPENSHELL_UPGRADE';

Given('an old and the current release that installers find', action(stageInstallerRefs));

Given(
  'the installer of the old release was run for a sandbox {string}, as the manifest {string} describes it',
  action((world, sandbox: string, manifest: string) => installOldRelease(world, manifest, sandbox)),
);

Given("the survivor's agent is at work, and a heartbeat goes with it", action(stageHeartbeat));

Given('the old gateway runs in its container, with the survivor under it', action(findSurvivor));

/** Environment of a run of the current installer, as the operator who installed the old release sets it. */
function forCurrent(world: Phase9World): Record<string, string> {
  return { ...world.get('installerEnvironment'), NEMOCLAW_INSTALL_REF: world.profile.upgrade.current.ref };
}

When(
  'the operator runs the current installer without consenting to the upgrade',
  action(async (world) => {
    const { gateway, survivor, registry, source, version } = await oldWorld(world);
    const before: OldWorld = {
      gateway: gateway.peek(),
      survivor: survivor.peek(),
      registry: registry.peek(),
      source: source.peek(),
      version: version.peek(),
    };
    world.set({ beforeRefusal: before, refusal: await runInstaller(world, forCurrent(world)) });
  }),
);

When(
  'the operator runs the current installer and consents to the upgrade',
  action(async (world) => {
    world.set({
      backupsBefore: world.own.durable.backups(world.get('sandbox')).peek(),
      outcome: await pipeInstaller(world, { ...forCurrent(world), [CONSENT]: '1' }),
    });
  }),
);

/** What a run of an installer printed. */
function printed(a: AssertionContext, run: 'outcome' | 'refusal', world: Phase9World): string {
  const { stdout, stderr } = a.see(world.get(run));
  return `${textOf(stdout)}\n${textOf(stderr)}`;
}

async function openshellOnPath(a: AssertionContext, world: Phase9World): Promise<string> {
  const { cli } = world.own;
  const call = await cli.must(cli.openshell(['--version'], { within: world.profile.bounds.command }));
  return textOf(a.see(call).stdout).trim();
}

/** Whether `nemoclaw list` shows the survivor. */
async function listed(a: AssertionContext, world: Phase9World): Promise<void> {
  const { cli } = world.own;
  const call = await cli.must(cli.nemoclaw(['list'], { within: world.profile.bounds.command }));
  const lines = textOf(a.see(call).stdout).split('\n');
  const name = world.get('sandbox');
  const found = lines.some((line) => line.trim().split(/\s+/)[0] === name);
  a.that('what `nemoclaw list` shows', lines.join('\n'), `a line of ${name}`, found);
}

function registered(a: AssertionContext, world: Phase9World): void {
  const name = world.get('sandbox');
  const entry = a.see(world.own.durable.registryEntry(name));
  a.equals('name of the entry in the registry', entry?.name ?? 'no entry', name);
}

async function ready(a: AssertionContext, world: Phase9World): Promise<void> {
  const phase = a.see(await world.own.gateway.phase(world.get('sandbox')));
  a.equals('phase of the survivor', phase ?? 'not listed', 'Ready');
}

Given(
  'the old command line is the one in use',
  assertion('upgrade.gateway.old-cli-selected', async (a, world) => {
    a.equals(
      'what it says of itself',
      await openshellOnPath(a, world),
      `openshell ${world.profile.upgrade.old.openshell}`,
    );
  }),
);

Given(
  'the installed source is the old release',
  assertion('upgrade.gateway.old-ref-installed', async (a, world) => {
    a.equals('HEAD of the installed source', a.see(await installedCommit(world)), world.get('oldCommit'));
  }),
);

Given(
  'the survivor is registered and ready under the old gateway',
  assertion('upgrade.gateway.survivor-registered-before', async (a, world) => {
    registered(a, world);
    await listed(a, world);
    await ready(a, world);
    a.equals('version of the gateway', a.see(await world.own.gateway.version()), world.profile.upgrade.old.openshell);
  }),
);

Given(
  'the agent in the survivor is alive and its heartbeat goes on',
  assertion('upgrade.gateway.survivor-active-before', async (a, world) => {
    const runtime = agentRuntime(world);
    const heartbeat = world.get('heartbeat');
    const first = a.see(await runtime.pulse(heartbeat));
    const later = a.see(await runtime.laterPulse(heartbeat, first.count + BEATS));
    a.equals('the process is alive', later.alive, true);
    const grown = later.count - first.count;
    a.that('beats between two looks', grown, `more than ${BEATS}`, grown > BEATS);
    a.that('command line', later.command, 'the agent’s', later.command.includes(runtime.program));
  }),
);

Then(
  'the installer refuses, names the manual commands, and leaves gateway and survivor alone',
  assertion('upgrade.gateway.refuses-without-consent', async (a, world) => {
    const { ended, exit } = a.see(world.get('refusal'));
    a.equals('how it ended', ended, 'exited');
    a.that('exit status', exit, 'not 0', exit !== 0);
    const text = printed(a, 'refusal', world);
    const gateway = world.profile.gatewayName(world.own.isolation);
    for (const command of ['nemoclaw backup-all', `openshell gateway destroy -g ${gateway}`]) {
      a.that('what it says', text, `names \`${command}\``, text.includes(command));
    }
    const before = world.get('beforeRefusal');
    const now = await oldWorld(world);
    a.that('the old gateway', before.gateway, 'running before', before.gateway?.running === true);
    a.equals('the old gateway', a.see(now.gateway), before.gateway);
    a.equals('the survivor', a.see(now.survivor), before.survivor);
    a.equals('sha256 of the registry', a.see(now.registry), before.registry);
    a.equals('HEAD of the installed source', a.see(now.source), before.source);
    a.equals('version of the gateway', a.see(now.version), before.version);
  }),
);

Then(
  'the installer says that the upgrade was accepted',
  assertion('upgrade.gateway.upgrade-accepted', (a, world) => {
    const text = printed(a, 'outcome', world);
    const line = /Accepted experimental OpenShell gateway upgrade for (\d+) existing sandbox/.exec(text);
    a.equals('sandboxes for which it was accepted', line?.[1] ?? text, '1');
  }),
);

Then(
  'the survivor was backed up, and whole, before the old gateway went',
  assertion('upgrade.gateway.backup-before-replace', async (a, world) => {
    const { durable } = world.own;
    const sandbox = world.get('sandbox');
    const text = printed(a, 'outcome', world);
    const counts = /Pre-upgrade backup: .*/.exec(text);
    a.equals('what the backup says', counts?.[0] ?? text, 'Pre-upgrade backup: 1 backed up, 0 failed, 0 skipped');
    const retiring = /Retiring OpenShell \S+ gateway/.exec(text);
    a.that(
      'where the installer tells of the backup',
      { backup: counts?.index ?? -1, retiring: retiring?.index ?? -1 },
      'before it retires the gateway',
      counts !== null && retiring !== null && counts.index < retiring.index,
    );
    const before = world.get('backupsBefore');
    const fresh = a.see(durable.backups(sandbox)).filter((name) => !before.includes(name));
    a.equals('backups that the upgrade made', fresh.length, 1);
    if (fresh[0] !== undefined) markerInBackup(a, world, fresh[0]);
    const { id, watch } = world.get('oldGateway');
    const gone = a.see(await watch.endOf(id));
    const written = fresh[0] === undefined ? 'no backup' : a.see(durable.backedUpAt(sandbox, fresh[0]));
    a.that(
      'times of the last change of the backup and of the gateway’s end',
      { written, gone },
      'the backup first',
      gone !== null && fresh[0] !== undefined && written < gone,
    );
  }),
);

Then(
  'the command line in use is the current one',
  assertion('upgrade.gateway.cli-version-current', async (a, world) => {
    const { current } = world.profile.upgrade;
    a.equals('what it says of itself', await openshellOnPath(a, world), `openshell ${current.openshell}`);
  }),
);

Then(
  'the running gateway is the current one',
  assertion('upgrade.gateway.server-version-current', async (a, world) => {
    const { current } = world.profile.upgrade;
    a.equals('version that the gateway reports', a.see(await world.own.gateway.version()), current.openshell);
  }),
);

Then('the survivor is ready', assertion('upgrade.gateway.survivor-ready-after', ready));

Then(
  'the survivor holds the marker file that its owner wrote, in another container',
  assertion('upgrade.gateway.marker-restored', async (a, world) => {
    await markerAsWritten(a, world);
    await inAnotherContainer(a, world);
  }),
);

Then(
  'the agent in the survivor is there and configured',
  assertion('upgrade.gateway.agent-configured', async (a, world) => {
    const runtime = agentRuntime(world);
    const location = a.see(await runtime.location());
    a.that('where the agent’s program lies', location, 'on PATH', location !== null);
    const text = a.see(await runtime.configuration());
    a.that('settings in its configuration', settingsIn(text), 'some', settingsIn(text).length > 0);
    const version = a.see(await runtime.versionText());
    a.that('what its version command says', version, 'a version', /\d+\.\d+\.\d+/.test(version));
  }),
);

/** The top-level keys of a JSON object; none when the text is no such thing. */
function settingsIn(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

Then(
  'registry and list still hold the survivor',
  assertion('upgrade.gateway.registry-retained', async (a, world) => {
    registered(a, world);
    await listed(a, world);
  }),
);

Then(
  'the survivor executes commands, and the staged endpoint answers its inference',
  assertion('upgrade.gateway.survivor-reachable', async (a, world) => {
    const { exit } = a.see(await world.sandbox().exec(['true']));
    a.equals('exit status of a command executed in the survivor', exit, 0);
    await completionIsAnswered(a, world);
  }),
);

Then(
  'the suite finds the sandbox registry preserved',
  assertion('suite.upgrade.sandbox_registry_preserved', async (a, world) => {
    registered(a, world);
    await listed(a, world);
  }),
);

Then(
  'the suite finds the gateway version upgraded',
  assertion('suite.upgrade.gateway_version_upgraded', async (a, world) => {
    const { old, current } = world.profile.upgrade;
    const version = a.see(await world.own.gateway.version());
    a.equals('version that the gateway reports', version, expectation('the current version', current.openshell));
    a.that('the old version', version, `not ${old.openshell}`, version !== old.openshell);
  }),
);

Then(
  "the suite finds the survivor's agent reachable",
  assertion('suite.upgrade.survivor_agent_reachable', async (a, world) => {
    const { ended, exit } = a.see(await world.sandbox().exec([agentRuntime(world).program, '--version']));
    a.equals('how a command of the agent ended in the survivor', { ended, exit }, { ended: 'exited', exit: 0 });
  }),
);

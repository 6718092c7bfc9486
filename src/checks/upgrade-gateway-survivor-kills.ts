import type { AssertionContext } from '../evidence/assertion';
import type { Survivor } from '../staging/upgrade-gateway-survivor';
import type { KillName } from '../staging/upgrade-gateway-survivor-kills';
import { agentFacts } from '../sut/agents';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { mayChange } from './instance-as-before';
import { currentGatewayRuns } from './upgrade-gateway-survivor';
import { everyAgentIsHealthy } from './upgrade-gateway-survivor-at-work';
import {
  defaultIsKept,
  everyAgentIsCurrent,
  everySandboxSurvives,
  presetSurvives,
  registryEntriesAsBefore,
  sameOldInstallation,
  upgradeSucceeds,
} from './upgrade-gateway-survivor-runs';

/** The installer came to the place at which it was to be killed. */
function wasKilled(a: AssertionContext, world: Phase9World, name: KillName): void {
  const run = world.get('killedRuns')[name];
  if (run === undefined) throw new Error(`no run of the installer was to be killed at ${name}`);
  const { ended, exit } = a.see(run);
  a.equals('how the installer ended', { ended, exit }, { ended: 'signalled', exit: null });
}

/** Killed before the old gateway goes, the installer has changed nothing of the old installation. */
export async function killChangesNothing(a: AssertionContext, world: Phase9World): Promise<void> {
  wasKilled(a, world, 'in-backup');
  await sameOldInstallation(a, world);
}

/** Killed behind the backup, the installer has left every sandbox registered, and a whole backup of each. */
export function killKeepsAll(a: AssertionContext, world: Phase9World, name: KillName): void {
  wasKilled(a, world, name);
  const { sandboxes: before } = world.get('registryBeforeKills');
  a.equals('number of sandboxes in the registry before', Object.keys(before).length, world.get('survivors').length);
  const { sandboxes: now } = a.see(world.own.durable.registry());
  for (const [sandbox, entry] of Object.entries(before)) {
    const there: Readonly<Record<string, unknown>> = now[sandbox] ?? {};
    // A note of what is under way may stand beside what was there.
    const kept = Object.fromEntries(Object.keys(entry).map((key) => [key, there[key]]));
    a.isEmpty(`what differs in the entry of ${sandbox}`, settingsDifferences(entry, kept, mayChange(world)));
  }
  everySandboxIsBackedUp(a, world);
}

function everySandboxIsBackedUp(a: AssertionContext, world: Phase9World): void {
  for (const survivor of world.get('survivors')) isBackedUp(a, world, survivor);
}

/** The newest complete backup of the sandbox contains its marker. */
function isBackedUp(a: AssertionContext, world: Phase9World, { name, marker }: Survivor): void {
  const { durable } = world.own;
  const { marker: path, stateDirectory } = agentFacts[world.get('agent')];
  const complete = a.see(durable.backups(name)).filter((one) => a.see(durable.isComplete(name, one)));
  const newest = complete.at(-1);
  const files = newest === undefined ? [] : a.see(durable.backup(name, newest)).files;
  const kept = files.find((file) => file.path.endsWith(path.slice(stateDirectory.length + 1)));
  const wanted = marker ?? world.get('marker').bytes;
  a.equals(
    `marker in the newest complete backup of ${name} (hex)`,
    kept?.bytes.toString('hex') ?? `not in ${newest ?? 'any backup'}`,
    wanted.toString('hex'),
  );
}

/** Run once more, the installer ends with 0, and everything is as after an upgrade that nobody killed. */
export async function upgradeComesToItsEnd(a: AssertionContext, world: Phase9World): Promise<void> {
  upgradeSucceeds(a, world);
  await currentGatewayRuns(a, world);
  await everySandboxSurvives(a, world);
  await everyAgentIsCurrent(a, world);
  await everyAgentIsHealthy(a, world);
  registryEntriesAsBefore(a, world);
  await presetSurvives(a, world);
  defaultIsKept(a, world);
  everySandboxIsBackedUp(a, world);
}

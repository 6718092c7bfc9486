import type { AssertionContext } from '../evidence/assertion';
import { expectedVersion } from '../staging/expected-version';
import type { Survivor } from '../staging/upgrade-gateway-survivor';
import { type Installation, lookAtInstallation, SURVIVING_PRESET } from '../staging/upgrade-gateway-survivor-runs';
import { agentFacts } from '../sut/agents';
import { openings } from '../sut/policy';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { refuses, succeeds } from './command';
import { mayChange } from './instance-as-before';
import { presetOpenings } from './policy';

/** The installer exits, not with 0, and leaves the installation as it was. @returns what it printed */
export async function refusesAndChangesNothing(a: AssertionContext, world: Phase9World): Promise<string> {
  const output = refuses(a, world.get('attempt'), 'the installer');
  await sameOldInstallation(a, world);
  return output;
}

/** The old installation runs as it did before the attempt. */
export async function sameOldInstallation(a: AssertionContext, world: Phase9World): Promise<void> {
  const before = world.get('beforeAttempt');
  a.equals('whether the old gateway ran before', before.gateway?.running ?? 'no container', true);
  await sameInstallation(a, world, before);
}

async function sameInstallation(a: AssertionContext, world: Phase9World, before: Installation): Promise<void> {
  const now = await lookAtInstallation(world);
  a.equals('container of the old gateway', a.see(now.gateway), before.gateway);
  sameSandboxes(
    a,
    world,
    now.sandboxes.map((one) => a.see(one)),
    before,
  );
  a.equals('SHA-256 of the registry', a.see(now.registry), before.registry);
  a.equals('commit of the installed source', a.see(now.source), before.source);
  a.equals('version of the gateway', a.see(now.version), before.version);
}

/** Each sandbox is the container that it was, in the same life. */
function sameSandboxes(
  a: AssertionContext,
  world: Phase9World,
  now: Installation['sandboxes'],
  before: Installation,
): void {
  world.get('survivors').forEach(({ name }, index) => {
    a.equals(`container of ${name}`, now[index] ?? null, before.sandboxes[index] ?? null);
  });
}

/** Refused for lack of consent; the operator reads what to do instead. */
export async function refusesWithoutConsent(a: AssertionContext, world: Phase9World): Promise<void> {
  const output = await refusesAndChangesNothing(a, world);
  a.includes('output of the installer', output, 'nemoclaw backup-all');
  const destroy = `openshell gateway destroy -g ${world.profile.gatewayName(world.own.isolation)}`;
  a.includes('output of the installer', output, destroy);
}

/** A stopped sandbox is not lost: the installer stops and changes nothing, or brings every sandbox over. */
export async function stoppedSandboxIsKept(a: AssertionContext, world: Phase9World): Promise<void> {
  const { ended, exit } = a.see(world.get('attempt'));
  a.equals('how the installer ended', ended, 'exited');
  if (exit === 0) await everySandboxSurvives(a, world);
  else await sameOldInstallation(a, world);
}

/** The upgrade ended with 0. */
export function upgradeSucceeds(a: AssertionContext, world: Phase9World): void {
  succeeds(a, world.get('outcome'), 'the installer');
}

/** Every sandbox is ready in another container than before, with its owner's marker. */
export async function everySandboxSurvives(a: AssertionContext, world: Phase9World): Promise<void> {
  for (const survivor of world.get('survivors')) await survives(a, world, survivor);
}

async function survives(a: AssertionContext, world: Phase9World, { name, container, marker }: Survivor): Promise<void> {
  const phase = a.see(await world.own.gateway.phase(name));
  a.equals(`phase of ${name}`, phase ?? 'not listed', 'Ready');
  const now = a.see(await world.sandbox(name).container());
  a.differs(`container of ${name}`, now?.id ?? container, container);
  const file = a.see(await world.sandbox(name).read(agentFacts[world.get('agent')].marker));
  const wanted = marker ?? world.get('marker').bytes;
  a.equals(`marker in ${name} (hex)`, file.there ? file.bytes.toString('hex') : 'no such file', wanted.toString('hex'));
}

/** Every sandbox runs the agent of the current release. */
export async function everyAgentIsCurrent(a: AssertionContext, world: Phase9World): Promise<void> {
  const expected = expectedVersion(world.own.tree, world.get('agent'));
  for (const { name } of world.get('survivors'))
    a.equals(`version inside ${name}`, a.see(await world.sandbox(name).agentVersion()), expected);
}

/** Every field of every sandbox's entry in the registry is the same as before the upgrade, but for those that it may change. */
export function registryEntriesAsBefore(a: AssertionContext, world: Phase9World): void {
  const { sandboxes: before } = world.get('registryBeforeUpgrade');
  a.equals('number of sandboxes in the registry before', Object.keys(before).length, world.get('survivors').length);
  const { sandboxes: now } = a.see(world.own.durable.registry());
  for (const [name, entry] of Object.entries(before))
    a.isEmpty(`what differs in the entry of ${name}`, settingsDifferences(entry, now[name], mayChange(world)));
}

/** The preset that the second sandbox's owner applied is in the registry, and open in the live policy. */
export async function presetSurvives(a: AssertionContext, world: Phase9World): Promise<void> {
  const name = world.get('survivors').at(-1)?.name ?? '';
  const entry = a.see(world.own.durable.registryEntry(name));
  a.includes(`presets of ${name} in the registry`, entry?.policies ?? [], SURVIVING_PRESET);
  const live = a.see(await world.own.gateway.networkPolicies(name));
  a.hasAll(`openings of the live policy of ${name}`, openings(live), presetOpenings(world, [SURVIVING_PRESET]));
}

/** The default sandbox is the one that it was. */
export function defaultIsKept(a: AssertionContext, world: Phase9World): void {
  const { defaultSandbox } = a.see(world.own.durable.registry());
  a.equals('default sandbox', defaultSandbox ?? null, world.get('registryBeforeUpgrade').defaultSandbox ?? null);
}

/** Run over what it installed, the installer ends with 0; every sandbox is the container that it was, and still registered. */
export async function secondRunChangesNothing(a: AssertionContext, world: Phase9World): Promise<void> {
  succeeds(a, world.get('attempt'), 'the installer');
  const before = world.get('beforeAttempt');
  const now = await lookAtInstallation(world);
  sameSandboxes(
    a,
    world,
    now.sandboxes.map((one) => a.see(one)),
    before,
  );
  a.equals('version of the gateway', a.see(now.version), before.version);
  const registered = Object.keys(a.see(world.own.durable.registry()).sandboxes);
  a.hasAll(
    'sandboxes in the registry',
    registered,
    world.get('survivors').map(({ name }) => name),
  );
}

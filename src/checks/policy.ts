import { parse } from 'yaml';
import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { loadDefaultPolicy, loadPreset, loadPresets } from '../staging/presets';
import { Egress, openTo } from '../sut/egress';
import type { PolicyDocument } from '../sut/openshell-output';
import { type Opening, openings } from '../sut/policy';
import { settingsDifferences } from '../sut/settings-compared';
import type { ScenarioState } from '../world/scenario-state';
import type { Phase9World } from '../world/world';
import { newestManifest } from './backup';
import { expectation } from './expectation';

/** What the presets open and the default policy does not: only that shows that a preset was applied. */
export function presetOpenings(world: Phase9World, names = world.get('presets')): Opening[] {
  const { tree } = world.own;
  const byDefault = new Set(openings(loadDefaultPolicy(tree, world.get('agent'))));
  const presets = expectation('the presets', names);
  return presets.flatMap((name) => {
    const own = openings(loadPreset(tree, name)).filter((one) => !byDefault.has(one));
    if (own.length === 0)
      throw new Error(`the preset ${name} opens nothing that the default policy does not: it would prove nothing`);
    return own;
  });
}

/** The live policy opens all that the presets name and the default policy lacks. */
export async function livePolicyOpensPresets(a: AssertionContext, world: Phase9World): Promise<void> {
  const live = a.see(await world.own.gateway.networkPolicies(world.get('sandbox')));
  a.hasAll('the openings of the live policy', openings(live), presetOpenings(world));
}

export function registryListsPresets(a: AssertionContext, world: Phase9World): void {
  const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  a.hasAll('the presets in the registry', entry?.policies ?? [], world.get('presets'));
}

export function backupManifestListsPresets(a: AssertionContext, world: Phase9World): void {
  a.hasAll('the presets in the backup manifest', newestManifest(a, world).policyPresets ?? [], world.get('presets'));
}

/** Registry, live policy and backup manifest: all three. */
export async function presetsEverywhere(a: AssertionContext, world: Phase9World): Promise<void> {
  registryListsPresets(a, world);
  await livePolicyOpensPresets(a, world);
  backupManifestListsPresets(a, world);
}

const contentSchema = z.looseObject({ network_policies: z.record(z.string(), z.unknown()) });

/** How a stored custom policy differs from the one that the owner applied; its text may have been written anew. */
function storedDifferences(
  stored: readonly { name: string; content: string }[] | null | undefined,
  { name, policies }: ScenarioState['customPolicy'],
): readonly string[] {
  const found = stored?.find((policy) => policy.name === name);
  if (!found) return [`${name} is not there`];
  return settingsDifferences(policies, contentSchema.parse(parse(found.content)).network_policies);
}

/** The owner's own policy is the same as before in every field, in the registry, the live policy and the backup manifest. */
export async function customPolicyEverywhere(a: AssertionContext, world: Phase9World): Promise<void> {
  const custom = world.get('customPolicy');
  const sandbox = world.get('sandbox');
  const keys = expectation('the entries of the custom policy', Object.keys(custom.policies));
  const registered = a.see(world.own.durable.registryEntry(sandbox))?.customPolicies;
  a.isEmpty('what differs in the registry', storedDifferences(registered, custom));
  const live = a.see(await world.own.gateway.networkPolicies(sandbox));
  a.hasAll('the openings of the live policy', openings(live), openings(custom.policies));
  const before = entriesOf(world.get('instanceBefore').policy, keys);
  a.isEmpty(
    'what differs in the live policy',
    settingsDifferences(before, entriesOf({ network_policies: live }, keys)),
  );
  a.isEmpty('what differs in the backup manifest', storedDifferences(newestManifest(a, world).customPolicies, custom));
}

/** What the owner opened past NemoClaw is in the live policy, the same in every field. */
export async function gatewayPolicyKept(a: AssertionContext, world: Phase9World): Promise<void> {
  const keys = expectation('the entries of the owner', Object.keys(world.get('gatewayPolicy')));
  const before = entriesOf(world.get('instanceBefore').policy, keys);
  a.hasAll('the entries of before', Object.keys(before), keys);
  const live = entriesOf(a.see(await world.own.gateway.policyDocument(world.get('sandbox'))), keys);
  a.isEmpty('what differs in the live policy', settingsDifferences(before, live));
}

/** What the owner closed past NemoClaw is not in the live policy again. */
export async function closedStaysClosed(a: AssertionContext, world: Phase9World): Promise<void> {
  const key = expectation('the entry that the owner closed', world.get('closedEntry'));
  const byDefault = Object.keys(loadDefaultPolicy(world.own.tree, world.get('agent')));
  a.includes('entries of the default policy', byDefault, key);
  a.isEmpty('that entry before', Object.keys(entriesOf(world.get('instanceBefore').policy, [key])));
  const live = a.see(await world.own.gateway.policyDocument(world.get('sandbox')));
  a.isEmpty('entries of the live policy that its owner had closed', Object.keys(entriesOf(live, [key])));
}

/** The network entries of a policy that have one of these keys. */
function entriesOf(policy: PolicyDocument, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const all = Object.entries(policy.network_policies ?? {});
  return Object.fromEntries(all.filter(([key]) => keys.includes(key)));
}

/** Two ports that no preset opens: one of them is not the port of the open host. */
const CLOSED_PORTS = [8444, 8445] as const;

/** From inside, the proxy lets a request through to what a preset opens to the program that asks, and refuses other hosts and ports. */
export async function egressIsEnforced(a: AssertionContext, world: Phase9World): Promise<void> {
  const egress = new Egress(world.sandbox());
  const policies = world.get('presets').flatMap((name) => Object.values(loadPreset(world.own.tree, name)));
  const hosts = world.profile.reach?.hosts ?? [];
  const usable = await egress.usable(openTo(policies, hosts));
  const endpoint = usable?.opening.endpoints[0];
  if (!usable || !endpoint) {
    const what = hosts.length === 0 ? 'anything' : `one of live.hosts (${hosts.join(', ')})`;
    throw new Error(`no preset of the manifest opens ${what} to a program that can ask`);
  }
  const { program } = usable;
  const { host, port } = endpoint;
  const through = a.see(await egress.connect(program, `${host}:${port}`));
  a.equals(`answer of the proxy to CONNECT ${host}:${port} by ${program}`, through, '200');
  const upstream = world.getIfSet('upstream');
  if (upstream && program === 'curl')
    a.atLeast(`connections that reached the staged upstream of ${host}`, a.see(upstream.visits(host)), 1);
  const elsewhere = a.see(await egress.connect(program, 'nobody-opened.phase9.test:443'));
  a.equals('answer to a host that nothing opens', elsewhere, '403');
  const closed = CLOSED_PORTS.find((one) => one !== port);
  a.equals(
    'answer to an open host on a port that nothing opens',
    a.see(await egress.connect(program, `${host}:${closed}`)),
    '403',
  );
}

/** Every preset that the sandbox's session names is one of those that the sandbox had: a rebuild opens what stands there. */
export function sessionNamesNoOthers(a: AssertionContext, world: Phase9World, had: readonly string[]): void {
  const { sandboxName, policyPresets } = a.see(world.own.durable.session());
  if (sandboxName !== world.get('sandbox')) return;
  const presets = Object.keys(loadPresets(world.own.tree));
  const others = (policyPresets ?? []).filter((name) => presets.includes(name) && !had.includes(name));
  a.isEmpty('presets in the session that were not the sandbox’s', others);
}

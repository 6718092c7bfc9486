import { parse } from 'yaml';
import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { type Instance, policyList } from '../staging/instance-before';
import { loadPresets } from '../staging/presets';
import type { PolicyDocument } from '../sut/openshell-output';
import { missingFrom, type NetworkPolicies, openings } from '../sut/policy';
import type { PolicyShown } from '../sut/policy-list';
import { type MayChange, settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';
import { sessionNamesNoOthers } from './policy';
import { inAnotherContainer } from './sandbox';

/** The places of the compared document that the action may change: the ledger's, of the assertion under way. */
export function mayChange(world: Phase9World): MayChange {
  return world.step.makes.flatMap(({ entry }) => entry.may_change);
}

const ownSchema = z.array(z.looseObject({ name: z.string(), content: z.string() })).nullish();
const contentSchema = z.looseObject({ network_policies: z.record(z.string(), z.unknown()) });

/** The owner's own policies of before, and their entries in the live policy: another assertion compares them. */
function ownPolicies(world: Phase9World): { readonly names: readonly string[]; readonly entries: readonly string[] } {
  const own = ownSchema.parse(world.get('instanceBefore').entry?.customPolicies) ?? [];
  const contents = own.map(({ content }) => contentSchema.parse(parse(content)).network_policies);
  return { names: own.map(({ name }) => name), entries: contents.flatMap(Object.keys) };
}

/**
 * What the live policy opens, and to what, is the same as before in every field of every entry, beside the owner's own policies: no less, and no more.
 */
export async function networkPolicyAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const before = world.get('instanceBefore').policy.network_policies ?? {};
  expectation('the network policy', Object.keys(before));
  const now = a.see(await world.own.gateway.policyDocument(world.get('sandbox'))).network_policies;
  const closed = world.getIfSet('closedEntry');
  const pastNemoclaw = [
    ...Object.keys(world.getIfSet('gatewayPolicy') ?? {}),
    ...(closed === undefined ? [] : [closed]),
  ];
  const except = [...mayChange(world), ...ownPolicies(world).entries, ...pastNemoclaw];
  a.isEmpty('what differs in the network policy', settingsDifferences(before, now, except));
}

/** What the live policy says beside the network is the same as before: files, user, Landlock, and whatever else it has. */
export async function confinementAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const beside = ({ network_policies: _, ...rest }: PolicyDocument) => rest;
  const before = beside(world.get('instanceBefore').policy);
  expectation('the policy beside the network', Object.keys(before));
  const now = beside(a.see(await world.own.gateway.policyDocument(world.get('sandbox'))));
  a.isEmpty('what differs in the policy beside the network', settingsDifferences(before, now, mayChange(world)));
}

/** Every field of the registry's entry is the same as before, beside the owner's own policies and what staging put there beside onboarding's. */
export function registryEntryAsBefore(a: AssertionContext, world: Phase9World): void {
  const extras = Object.keys(world.get('registryExtras'));
  const before = world.get('instanceBefore').entry;
  const now = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  a.isNotEmpty('fields of the entry before', Object.keys(before ?? {}));
  const own = ownPolicies(world).names.map((name) => `customPolicies.${name}`);
  a.isEmpty('what differs in the entry', settingsDifferences(before, now, [...mayChange(world), ...extras, ...own]));
}

/** What the owner, or an older release, had put into the registry's entry is still there. */
export function registryExtrasKept(a: AssertionContext, world: Phase9World): void {
  const extras = world.get('registryExtras');
  const keys = expectation('the additional fields', Object.keys(extras));
  const now: Readonly<Record<string, unknown>> = a.see(world.own.durable.registryEntry(world.get('sandbox'))) ?? {};
  const kept = Object.fromEntries(keys.map((key) => [key, now[key]]));
  a.isEmpty('what differs in the additional fields', settingsDifferences(extras, kept));
}

/** The session names the choices of the owner that it named before. */
export function sessionAsBefore(a: AssertionContext, world: Phase9World): void {
  const { session: before } = world.get('instanceBefore');
  const now = a.see(world.own.durable.session());
  a.isEmpty('what differs in the session', settingsDifferences(before, now, mayChange(world)));
}

/** The presets of the tree that a policy opens whole. */
function wholePresets(world: Phase9World, { network_policies }: PolicyDocument): readonly string[] {
  const live = (network_policies ?? {}) as NetworkPolicies;
  const presets = Object.entries(loadPresets(world.own.tree));
  return presets.filter(([, preset]) => missingFrom(live, openings(preset)).length === 0).map(([name]) => name);
}

const sorted = (names: readonly string[] | null | undefined): readonly string[] => [...new Set(names)].sort();

/** Registry, gateway and NemoClaw's own list have the presets that the owner chose, and the session those that it had: no others. */
export async function presetsExactly(a: AssertionContext, world: Phase9World): Promise<void> {
  const { entry, session, shown, policy } = world.get('instanceBefore');
  const chosen = expectation('the presets that the owner chose', world.get('ownersPresets'));
  const before = sorted(entry?.policies as readonly string[]);
  a.hasAll('the presets in the registry before', before, chosen);
  const registered = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  a.equals('presets in the registry', sorted(registered?.policies), before);
  // A custom policy stands in list and session as well, in some releases: it is another check's subject.
  const presets = Object.keys(loadPresets(world.own.tree));
  const ofPresets = (all: Instance['shown']) => Object.fromEntries(presets.map((name) => [name, all[name]]));
  const listed = ofPresets(a.see(await policyList(world)));
  a.hasAll('what the list shows as active', activeIn(listed), chosen);
  a.isEmpty('what the list shows otherwise than before', settingsDifferences(ofPresets(shown), listed));
  const live = a.see(await world.own.gateway.policyDocument(world.get('sandbox')));
  a.equals('presets that the gateway opens whole', wholePresets(world, live), wholePresets(world, policy));
  const now = a.see(world.own.durable.session());
  const named = (all: unknown) => sorted(all as readonly string[]).filter((name) => presets.includes(name));
  sessionNamesNoOthers(a, world, before);
  // Those of messaging channels need not be among them.
  if (now.sandboxName === world.get('sandbox') && now.policyPresets) {
    const had = session.sandboxName === now.sandboxName ? named(session.policyPresets) : [];
    const has = named(now.policyPresets);
    a.isEmpty(
      'presets that the session has lost',
      had.filter((name) => !has.includes(name)),
    );
  }
}

/** The credentials that only the gateway may have stand nowhere inside the sandbox: in no file and in no environment. */
export async function credentialsStayOutside(a: AssertionContext, world: Phase9World): Promise<void> {
  const given = Object.entries(world.get('onboardingEnvironment')).filter(([name]) => /_(?:KEY|TOKEN)$/.test(name));
  const names = expectation(
    'the credentials that onboarding was given',
    given.map(([name]) => name),
  );
  await inAnotherContainer(a, world);
  const places = a.see(await world.sandbox().placesWith(given.map(([, value]) => value)));
  a.isEmpty(`places inside with ${names.join(' or ')}`, places.slice(0, 12));
}

function activeIn(listed: Readonly<Record<string, PolicyShown | undefined>>): readonly string[] {
  return Object.entries(listed).flatMap(([name, shown]) => (shown?.active && shown.agreed ? [name] : []));
}

/** The gateway has the same providers, and the sandbox the same credentials attached, as before. */
export async function attachmentsAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const { providers: before } = world.get('instanceBefore');
  expectation('the providers', Object.keys(before));
  const now = a.see(await world.own.gateway.providers());
  a.isEmpty('what differs in the providers', settingsDifferences(before, now));
  const attached = a.see(await world.sandbox().attachedCredentials());
  a.equals('credentials attached to the sandbox', attached, world.get('credentialsAttached'));
}

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { NetworkPolicies } from '../sut/policy';
import { lackOf } from '../world/capabilities';
import type { Phase9World } from '../world/world';
import { loadDefaultPolicy, loadPolicyFixture, loadPresets } from './presets';

declare module '../world/scenario-state' {
  interface ScenarioState {
    customPolicy: { readonly name: string; readonly content: string; readonly policies: NetworkPolicies };
    /** What the owner opened by OpenShell's own command. */
    gatewayPolicy: NetworkPolicies;
    /** The key of the default entry that the owner closed by that command. */
    closedEntry: string;
    /** Every preset that the owner applied. */
    ownersPresets: readonly string[];
  }
}

/** Opens the sandbox as its manifest says: every preset by the SUT's own command, or only some of them. */
export async function applyPresets(world: Phase9World, presets = world.get('presets')): Promise<void> {
  for (const preset of presets) await applyPreset(world, preset);
  const manifest = world.get('manifest').metadata.name;
  const channels: readonly string[] = world.get('manifest').spec.onboarding.messaging;
  // Onboarding may bring the preset of a messaging channel: the manifest names that by the channel.
  const shown = registeredPresets(world).filter((one) => presets.includes(one) || !channels.includes(one));
  world.staged('instance', { manifest, policyPresets: [...shown].sort().join(', ') });
  world.set({ ownersPresets: presets });
}

async function applyPreset(world: Phase9World, preset: string): Promise<void> {
  const { cli } = world.own;
  const argv = [world.get('sandbox'), 'policy-add', preset, '--yes'];
  await cli.must(cli.nemoclaw(argv, { within: world.profile.bounds.command }));
}

function registeredPresets(world: Phase9World): readonly string[] {
  return world.own.durable.registryEntry(world.get('sandbox')).peek()?.policies ?? [];
}

/** Every preset of the manifest, and those of its messaging channels, unless onboarding applied them with the channel. */
export async function applyPresetsAndChannels(world: Phase9World): Promise<void> {
  await applyPresets(world);
  const channels = world.get('manifest').spec.onboarding.messaging;
  for (const preset of channels) if (!registeredPresets(world).includes(preset)) await applyPreset(world, preset);
  world.set({ ownersPresets: [...world.get('presets'), ...channels] });
}

/** Applies a policy of the owner's own, which is no preset. */
async function applyCustomPolicy(world: Phase9World): Promise<void> {
  const { file, text, policies } = loadPolicyFixture('custom-policy.yaml');
  await world.own.cli.must(
    world.own.cli.nemoclaw([world.get('sandbox'), 'policy-add', '--from-file', file, '--yes'], {
      within: world.profile.bounds.command,
    }),
  );
  world.set({ customPolicy: { name: 'phase9-owner', content: text, policies } });
}

/**
 * Opens one more host by OpenShell's own command, and closes what the default policy had opened; NemoClaw notes nothing of either. Where OpenShell takes
 * no policy back, nothing is staged.
 */
export async function changePastNemoclaw(world: Phase9World): Promise<void> {
  if (lackOf(world, ['policy-taken-back']) !== undefined) return;
  const { cli, directory, gateway } = world.own;
  const { text, policies } = loadPolicyFixture('gateway-policy.yaml');
  const shown = (await gateway.policyDocument(world.get('sandbox'))).peek();
  const closedEntry = dispensable(world, Object.keys(shown.network_policies ?? {}));
  const file = path.join(directory, 'gateway-policy.yaml');
  const whole: unknown = parse(text).network_policies;
  const { [closedEntry]: _, ...open } = shown.network_policies as Readonly<Record<string, unknown>>;
  writeFileSync(file, stringify({ ...shown, network_policies: Object.assign(open, whole) }));
  const argv = ['policy', 'set', world.get('sandbox'), '--policy', file, '--wait'];
  await cli.must(cli.openshell(argv, { within: world.profile.bounds.command }));
  world.set({ gatewayPolicy: policies, closedEntry });
}

/** An entry of the default policy that no preset opens as well, and without which the agent works. */
function dispensable(world: Phase9World, live: readonly string[]): string {
  const { tree } = world.own;
  const ofPresets = Object.values(loadPresets(tree)).flatMap(Object.keys);
  const candidates = Object.keys(loadDefaultPolicy(tree, world.get('agent'))).filter(
    (key) => live.includes(key) && !ofPresets.includes(key) && !/inference|nvidia/i.test(key),
  );
  const found = candidates.find((key) => /docs/i.test(key)) ?? candidates[0];
  if (found === undefined) throw new Error('the default policy has no entry that its owner could do without');
  return found;
}

/** Every preset of the manifest, and a policy of the owner's own. */
export async function applyPresetsAndCustomPolicy(world: Phase9World): Promise<void> {
  await applyPresets(world);
  await applyCustomPolicy(world);
}

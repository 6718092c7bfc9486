import { type Opening, openings } from '../sut/policy';
import type { Phase9World } from '../world/world';
import { loadPolicyFixture } from './presets';

declare module '../world/scenario-state' {
  interface ScenarioState {
    customPolicy: { readonly name: string; readonly content: string; readonly openings: readonly Opening[] };
  }
}

/** Opens the sandbox as its manifest says: every preset by the SUT's own command. */
export async function applyPresets(world: Phase9World): Promise<void> {
  for (const preset of world.get('presets')) {
    await world.own.cli.must(
      world.own.cli.nemoclaw([world.get('sandbox'), 'policy-add', preset, '--yes'], {
        within: world.profile.bounds.command,
      }),
    );
  }
  const shown = world.own.durable.registryEntry(world.get('sandbox')).peek()?.policies ?? [];
  const manifest = world.get('manifest').metadata.name;
  world.staged('instance', { manifest, policyPresets: [...shown].sort().join(', ') });
}

/** Applies a policy of the owner's own, which is no preset. */
async function applyCustomPolicy(world: Phase9World): Promise<void> {
  const { file, text, policies } = loadPolicyFixture('custom-policy.yaml');
  await world.own.cli.must(
    world.own.cli.nemoclaw([world.get('sandbox'), 'policy-add', '--from-file', file, '--yes'], {
      within: world.profile.bounds.command,
    }),
  );
  world.set({ customPolicy: { name: 'phase9-owner', content: text, openings: openings(policies) } });
}

/** Every preset of the manifest, and a policy of the owner's own. */
export async function applyPresetsAndCustomPolicy(world: Phase9World): Promise<void> {
  await applyPresets(world);
  await applyCustomPolicy(world);
}

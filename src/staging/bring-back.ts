import { sha256 } from '../sha256';
import type { RegistryEntry } from '../sut/durable-documents';
import type { PolicyDocument } from '../sut/openshell-output';
import type { Phase9World } from '../world/world';
import { lookInside } from './inside';
import { stageKeepsakes } from './keepsakes';
import { becomesReady } from './old-sandbox';
import { runOnboarding } from './onboarding';
import { applyPresets } from './policies';
import { stageSessionPresets } from './registry-session';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The container in which the owner's things were last put by this suite. */
    furnished: string;
    /** How the sandbox was registered then, which presets the session named, and what its live policy said. */
    furnishedAs: {
      readonly entry: RegistryEntry | null;
      readonly sessionPresets: readonly string[] | null;
      readonly policy: PolicyDocument;
    };
  }
}

/**
 * Makes sure that the owner has the sandbox with all that belongs there, whatever an earlier rebuild of the scenario did to it: one
 * rebuild's fault is not held against the next. Does nothing where the container is still the one that was furnished.
 */
export async function bringBack(world: Phase9World): Promise<void> {
  const { cli, durable, gateway } = world.own;
  const sandbox = world.get('sandbox');
  const within = world.profile.bounds.command;
  const now = (await world.sandbox().container()).peek();
  const furnished = world.getIfSet('furnished');
  if (now?.state === 'running' && now.id === furnished) return;
  if (furnished !== undefined) {
    const known = durable.registryEntry(sandbox).peek() !== null;
    if (!known || (await gateway.phase(sandbox)).peek() !== 'Ready') {
      await cli.nemoclaw([sandbox, 'destroy', '--yes'], { within });
      await cli.openshell(['sandbox', 'delete', sandbox], { within });
      await cli.must(runOnboarding(world));
    }
    await becomesReady(world, sandbox);
    if (await holdsAll(world)) {
      stageSessionPresets(world, world.get('furnishedAs').sessionPresets);
      return furnish(world);
    }
  }
  await stageKeepsakes(world);
  const applied = durable.registryEntry(sandbox).peek()?.policies ?? [];
  const lacking = world.get('presets').filter((preset) => !applied.includes(preset));
  if (lacking.length > 0) await applyPresets(world, lacking);
  await furnish(world);
  // Before anything is asked of it: what a backup or a rebuild does to it shows against this.
  if (furnished === undefined) await lookInside(world, world.get('furnished'));
}

/** Notes in which container the owner's things are. */
async function furnish(world: Phase9World): Promise<void> {
  const container = (await world.sandbox().container()).peek();
  if (container === null) throw new Error(`the sandbox ${world.get('sandbox')} is Ready and has no container`);
  const entry = world.own.durable.registryEntry(world.get('sandbox')).peek();
  const sessionPresets = world.own.durable.session().peek().policyPresets ?? null;
  const policy = (await world.own.gateway.policyDocument(world.get('sandbox'))).peek();
  const furnishedAs = { entry, sessionPresets, policy };
  world.set({ furnished: container.id, containerBefore: container.id, furnishedAs });
}

/** Whether all that the owner had is in the sandbox, and its presets are registered. */
async function holdsAll(world: Phase9World): Promise<boolean> {
  const files = [world.get('marker'), ...world.get('keepsakes')];
  const digests = (await world.sandbox().digests(files.map(({ path }) => path))).peek();
  const applied = world.own.durable.registryEntry(world.get('sandbox')).peek()?.policies ?? [];
  return (
    files.every(({ path, bytes }) => digests[path] === sha256(bytes)) &&
    world.get('presets').every((preset) => applied.includes(preset))
  );
}

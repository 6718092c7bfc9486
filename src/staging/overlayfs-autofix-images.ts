import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import type { PrivateEngine } from '../sut/private-engine';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';
import { containerGatewayOf, patchedImages, removeInstance, runOnPrivateEngine } from './overlayfs-autofix';
import { imageWrites, noteImageWrites } from './overlayfs-autofix-docker';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Onboardings that ran at the same time, each with the sandbox that it makes. */
    together: readonly { readonly sandbox: string; readonly outcome: Observation<CommandResult> }[];
    /** Calls that gave a patched image content or name: in an onboarding on its own, and in those that ran at the same time. */
    writesAlone: Observation<readonly string[]>;
    writesTogether: Observation<readonly string[]>;
    /** How the onboardings ended that were to be killed, the last one of which was left alone. */
    killed: readonly Observation<CommandResult>[];
    /** The commands that made each whole patched image, by its name. */
    wholeImages: Readonly<Record<string, readonly string[]>>;
  }
}

/** Label of the newer cluster's image, which an image inherits from the one that it is made from. */
export const NEWER = 'phase9.newer-cluster';

/** More calls than this no onboarding needs to patch an image. */
const MOST_WRITES = 6;

/** The commands that made an image, without IDs and times. */
export function commandsOf(history: readonly string[]): string[] {
  return history.map((line) => line.replace(/^\S+ \S+ /, ''));
}

/**
 * Gives the cluster's image other content under its old name, as a pull does where its publisher has renewed it, and onboards again
 * after sandbox and gateway are removed.
 */
export async function onboardWithNewerCluster(world: Phase9World): Promise<void> {
  const engine = world.get('privateEngine');
  world.set({ patchedBefore: await patchedImages(world) });
  await renewClusterImage(engine, containerGatewayOf(world).clusterImage, world.own.isolation.token);
  await removeInstance(world);
  world.set({ outcome: await runOnPrivateEngine(world) });
}

async function renewClusterImage(engine: PrivateEngine, image: string, value: string): Promise<void> {
  const container = 'phase9-newer-cluster';
  await engine.must(['create', '--name', container, '--pull', 'never', image]);
  await engine.must(['commit', '--change', `LABEL ${NEWER}=${value}`, container, image]);
  await engine.must(['rm', container]);
}

/** Onboards two sandboxes at the same time, with the default snapshotter, after all but the images is removed. */
export async function onboardTwoAtOnce(world: Phase9World): Promise<void> {
  world.set({ patchedBefore: await patchedImages(world), writesAlone: imageWrites(world) });
  await removeInstance(world);
  noteImageWrites(world);
  const second = sandboxNameFor(world.profile.release.sandboxNames, world.own.isolation.token, 'second');
  const together = [world.get('sandbox'), second].map(async (sandbox) => ({
    sandbox,
    outcome: await runOnPrivateEngine(world, { NEMOCLAW_SANDBOX_NAME: sandbox }),
  }));
  world.set({ together: await Promise.all(together), writesTogether: imageWrites(world) });
}

/**
 * Removes all, the patched images too. Then kills an onboarding in the middle of the first call that gives a patched image content or
 * name, the next one in the middle of its second such call, and so on, until one comes to its end without having been killed.
 */
export async function killWhilePatching(world: Phase9World): Promise<void> {
  const engine = world.get('privateEngine');
  const whole = new Map<string, readonly string[]>();
  await removeInstance(world);
  for (const tag of (await engine.tagsOf(containerGatewayOf(world).patchedRepository)).peek()) {
    whole.set(tag, commandsOf((await engine.history(tag)).peek()));
    await engine.must(['image', 'rm', '--force', tag]);
  }
  const outcomes: Observation<CommandResult>[] = [];
  for (let call = 1; call <= MOST_WRITES; call += 1) {
    noteImageWrites(world, call);
    outcomes.push(await runOnPrivateEngine(world));
    if (outcomes.at(-1)?.peek().ended === 'exited') break;
  }
  noteImageWrites(world);
  const [outcome] = outcomes.slice(-1);
  if (outcome === undefined) throw new Error('no onboarding was run');
  world.set({ killed: outcomes, outcome, wholeImages: Object.fromEntries(whole) });
}

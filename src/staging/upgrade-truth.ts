import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';
import { makeOldSandbox } from './old-sandbox';
import { stopSandbox } from './rebuild';
import { registerLike, stageRegisteredVersionOnly } from './registry-session';
import { type Look, lookAt } from './sandbox-look';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Name of a second sandbox, which runs the old agent beside the current one. */
    staleSandbox: string;
    /** The checks of both, in order. */
    truthChecks: readonly TruthCheck[];
    beforeUpgrade: Look;
  }
}

/** One check for stale sandboxes while the registry is wrong. */
export interface TruthCheck {
  readonly when: string;
  readonly outcome: Observation<CommandResult>;
  readonly looks: readonly [Look, Look];
}

function names(world: Phase9World): readonly [string, string] {
  return [world.get('sandbox'), world.get('staleSandbox')];
}

/** Makes a second sandbox from the old image, beside the one that is current by now, and registers it like that one. */
export async function stageStaleBeside(world: Phase9World, called: string): Promise<void> {
  const { release } = world.profile;
  const staleSandbox = sandboxNameFor(release.sandboxNames, world.own.isolation.token, called);
  await makeOldSandbox(world, staleSandbox);
  registerLike(world, world.get('sandbox'), staleSandbox, world.get('oldVersion'));
  world.set({ staleSandbox });
}

/** Makes the registry call the stale sandbox current and the current one stale, and checks. */
export async function checkWithWrongRegistry(world: Phase9World): Promise<void> {
  register(world, world.get('oldVersion'), world.get('expectedVersion'));
  await check(world, 'each registered with the version of the other');
}

/** Makes the registry name no version of either, and checks. */
export async function checkWithoutVersions(world: Phase9World): Promise<void> {
  register(world, null, null);
  await check(world, 'both registered without a version');
}

/** Stops the current sandbox, which the registry then calls stale and the stale one current, and checks. */
export async function checkWithStopped(world: Phase9World): Promise<void> {
  world.set({ containerBefore: (await world.sandbox().container()).peek()?.id ?? 'none' });
  await stopSandbox(world);
  register(world, world.get('oldVersion'), world.get('expectedVersion'));
  await check(world, 'one of them stopped');
}

function register(world: Phase9World, current: string | null, stale: string | null): void {
  const [one, other] = names(world);
  stageRegisteredVersionOnly(world, one, current);
  stageRegisteredVersionOnly(world, other, stale);
}

async function check(world: Phase9World, when: string): Promise<void> {
  const before = await lookAt(world, names(world));
  const { command: within } = world.profile.bounds;
  const outcome = await world.own.cli.nemoclaw(['upgrade-sandboxes', '--check'], { within });
  const looks = [before, await lookAt(world, names(world))] as const;
  world.set({ truthChecks: [...(world.getIfSet('truthChecks') ?? []), { when, outcome, looks }] });
}

/** Upgrades every stale sandbox, as an operator does who wants no questions. */
export async function upgradeAll(world: Phase9World): Promise<void> {
  const beforeUpgrade = await lookAt(world, names(world));
  const { rebuild: within } = world.profile.bounds;
  const outcome = await world.own.cli.nemoclaw(['upgrade-sandboxes', '--yes'], { within });
  world.set({ beforeUpgrade, outcome });
}

import { readFileSync } from 'node:fs';
import type { Phase9World } from '../world/world';

/** Asks NemoClaw which sandboxes are stale, and remembers registry and container as they were just before. */
export async function checkForStale(world: Phase9World): Promise<void> {
  const { cli, durable } = world.own;
  const container = (await world.sandbox().container()).peek();
  world.set({
    registryBefore: readFileSync(durable.registryPath, 'utf8'),
    containerBefore: container?.id ?? 'none',
  });
  const { command: within } = world.profile.bounds;
  world.set({ outcome: await cli.nemoclaw(['upgrade-sandboxes', '--check'], { within }) });
}

import { readFileSync } from 'node:fs';
import { engine } from '../sut/engine';
import { sutTime } from '../sut/sut-time';
import type { Phase9World } from '../world/world';
import { bringBack } from './bring-back';
import { askForStatus, connect, rebuild } from './rebuild';
import { follow } from './rebuild-recovery';

/** Removes the sandbox's container behind NemoClaw's back; then its owner asks for the status, and connects. */
export async function loseContainer(world: Phase9World): Promise<void> {
  await bringBack(world);
  world.set({ registryBefore: readFileSync(world.own.durable.registryPath, 'utf8') });
  const container = engine().getContainer(world.get('containerBefore'));
  await sutTime.of(() => container.remove({ force: true, v: true }));
  world.staged('lost-container', { container: world.get('containerBefore') });
  await askForStatus(world);
  await connect(world);
}

/** Rebuilds the sandbox without a container, and does what the owner reads then. */
export async function rebuildWhatIsLost(world: Phase9World): Promise<void> {
  await rebuild(world);
  world.set({ wayBackFromLoss: await follow(world, world.get('outcome').peek()) });
}

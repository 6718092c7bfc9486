import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { agentState } from '../sut/agent-state';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';
import { stageMarker } from './owner-state';

/** A file that the owner keeps in a sandbox. */
export interface Keepsake {
  readonly path: string;
  readonly bytes: Buffer;
}

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Files in several state directories; the marker is none of them. */
    keepsakes: readonly Keepsake[];
  }
}

/** Directories that an owner fills and no agent tidies, as far as the tree's manifest names them as state. */
const OWNERS = ['skills', 'memory', 'memories', 'hooks', 'workspace'];

/** More than a full disk, or a limit on what a file may hold, lets through. Bytes. */
export const LARGE = 192 * 1024;

/** The marker, and one more file in each of several state directories: the last of them is large. */
export async function stageKeepsakes(world: Phase9World): Promise<void> {
  const agent = world.get('agent');
  const { stateDirectory } = agentFacts[agent];
  const places = agentState(world.own.tree, agent).directories.filter((one) => OWNERS.includes(one));
  if (places.length < 2) throw new Error(`the tree names only ${places.length} state directories that an owner fills`);
  const keepsakes = places.map((place, index) => ({
    path: path.posix.join(stateDirectory, place, 'phase9', 'kept.bin'),
    bytes: randomBytes(index === places.length - 1 ? LARGE : 1500 + index),
  }));
  await stageMarker(world);
  for (const { path: file, bytes } of keepsakes) await world.sandbox().write(file, bytes);
  world.set({ keepsakes });
}

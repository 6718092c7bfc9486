import { agentFile } from '../sut/agent-files';
import type { Phase9World } from '../world/world';
import { registerEngine } from './engine-use';
import { buildImage } from './image-build';

/**
 * Builds the image of an OpenClaw sandbox and its base from the SUT's own tree, under a tag in a repository of the scenario's
 * own, which is registered for restore with the engine's other images.
 */
export async function buildSandboxImage(world: Phase9World, tag: string): Promise<void> {
  const { dockerfile, baseArgument, buildArguments } = world.profile.sandboxImage.openclaw;
  const base = tag.replace(/:[^:]*$/, '-base:fixture');
  await registerEngine(world);
  await buildImage(world, { tag: base, dockerfile: agentFile(world.own.tree, 'openclaw', 'baseDockerfile') });
  await buildImage(world, { tag, dockerfile, values: { ...buildArguments, [baseArgument]: base } });
}

import path from 'node:path';
import { textOf } from '../sut/host-cli';
import type { Phase9World } from '../world/world';

/** An image to build from a context, which is the SUT's tree unless said otherwise. */
export interface ImageBuild {
  readonly tag: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly context?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/**
 * What an engine without BuildKit says when a cached layer that a build was about to use went with another scenario's images: two
 * scenarios build alike, and one of them ends. No fault of what is built, which is then built without the cache.
 */
const LOST_LAYER =
  /failed to get (?:digest|image config)|(?:unknown parent image|No such image:?) sha256:|layer does not exist/i;

/** The command that builds it. */
export function buildCommand(
  world: Phase9World,
  { tag, dockerfile, context = world.own.tree, values = {} }: ImageBuild,
): [string, ...string[]] {
  const settings = Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  return ['docker', 'build', '--force-rm', '-f', path.join(context, dockerfile), ...settings, '-t', tag, context];
}

/**
 * Builds an image under a tag that the scenario owes already.
 * @throws with the last words of the build when it fails.
 */
export async function buildImage(world: Phase9World, image: ImageBuild): Promise<void> {
  const { cli } = world.own;
  const within = world.profile.bounds.imageBuild;
  const [docker, ...args] = buildCommand(world, image);
  const first = cli.run([docker, ...args], { within });
  const { exit, stdout, stderr } = (await first).peek();
  if (exit !== 0 && LOST_LAYER.test(`${textOf(stdout)}${textOf(stderr)}`)) {
    await cli.must(cli.run([docker, ...args.toSpliced(1, 0, '--no-cache')], { within }));
    return;
  }
  await cli.must(first);
}

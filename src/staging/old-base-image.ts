import { readFileSync } from 'node:fs';
import path from 'node:path';
import { agentFile } from '../sut/agent-files';
import { imageIdOf } from '../sut/engine';
import { fileAsItIs } from '../world/obligations/obligation';
import type { Phase9World } from '../world/world';
import { compareVersions, lowerMinimum, minimumIn } from './blueprint';
import { registerEngine } from './engine-use';
import { expectedVersion } from './expected-version';
import { buildCommand, buildImage, type ImageBuild } from './image-build';

declare module '../world/scenario-state' {
  interface ScenarioState {
    oldVersion: string;
    oldImage: string;
    expectedVersion: string;
  }
}

/**
 * Builds the base image of an old agent with the SUT's own Dockerfile.base. An OpenClaw below the blueprint's minimum is
 * refused there, so the minimum is lowered for the time of the build; that it *is* refused otherwise is tried just before, with
 * the same build cache, so that the mutation is known to matter.
 */
export async function stageOldBaseImage(world: Phase9World): Promise<void> {
  const agent = world.get('agent');
  const { tree, isolation } = world.own;
  const old = world.profile.oldAgents[agent];
  const tag = `phase9/${isolation.token}/old-${agent}:fixture`;
  await registerEngine(world);
  const proof: Record<string, string> = { asked: old.version };
  if (old.image !== undefined) Object.assign(proof, await tagImage(world, old.image, tag));
  else if (agent === 'openclaw') Object.assign(proof, await withLoweredMinimum(world, old.version, tag));
  else await buildImage(world, oldBase(world, tag));
  const image = await imageIdOf(tag);
  if (image === null) throw new Error(`the build of ${tag} ended well and left no image`);
  world.set({ oldVersion: old.version, expectedVersion: expectedVersion(tree, agent), oldImage: tag });
  world.staged(`old-${agent}-image`, { ...proof, tag, image });
}

/** Gives an image that cannot be built from this tree the scenario's own tag; pulls it where the engine has it not yet. */
async function tagImage(world: Phase9World, image: string, tag: string): Promise<Record<string, string>> {
  const { cli } = world.own;
  const { command, imageBuild } = world.profile.bounds;
  if ((await imageIdOf(image)) === null) await cli.must(cli.run(['docker', 'pull', image], { within: imageBuild }));
  await cli.must(cli.run(['docker', 'tag', image, tag], { within: command }));
  return { from: image };
}

async function withLoweredMinimum(world: Phase9World, version: string, tag: string): Promise<Record<string, string>> {
  const file = path.join(world.own.tree, 'nemoclaw-blueprint/blueprint.yaml');
  const minimum = minimumIn(readFileSync(file, 'utf8'));
  const control =
    compareVersions(version, minimum) < 0
      ? await tryBelowMinimum(world, tag)
      : `not needed: the minimum ${minimum} allows ${version} anyway`;
  const during = lowest(version, minimum);
  const owed = await world.own.obligations.register(fileAsItIs(file), 'blueprint-min-version', () =>
    lowerMinimum(file, during),
  );
  await buildImage(world, oldBase(world, tag));
  await world.own.obligations.restoreNow(owed);
  world.staged('blueprint-min-version', { file, before: minimum, during, control });
  return { control };
}

/** A minimum that is another than `minimum` and allows `version`: where it does so anyway, still a lower one, so that the mutation is real. */
function lowest(version: string, minimum: string): string {
  return compareVersions(version, minimum) < 0 ? version : '2020.1.1';
}

async function tryBelowMinimum(world: Phase9World, tag: string): Promise<string> {
  const call = await world.own.cli.run(buildCommand(world, oldBase(world, `${tag}-control`)), {
    within: world.profile.bounds.imageBuild,
  });
  const { exit, stdout, stderr } = call.peek();
  if (exit === 0) return 'accepted: the SUT built a base below its own minimum, so the mutation proves nothing';
  const reason = `${stdout}${stderr}`.split('\n').findLast((line) => /minimum|below/i.test(line)) ?? 'no reason given';
  return `refused (exit ${exit}): ${reason.trim()}`;
}

function oldBase(world: Phase9World, tag: string): ImageBuild {
  const agent = world.get('agent');
  return {
    tag,
    dockerfile: agentFile(world.own.tree, agent, 'baseDockerfile'),
    values: world.profile.oldAgents[agent].buildArguments,
  };
}

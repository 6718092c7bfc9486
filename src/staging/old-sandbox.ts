import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { agentFile } from '../sut/agent-files';
import { identityInstructions } from '../sut/releases/owner-environment';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { expectedVersion } from './expected-version';
import { stageRegistryAndSession } from './registry-session';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** ID of the sandbox's container before the action. */
    containerBefore: string;
  }
}

const template = inRepository('fixtures/old-sandbox/Dockerfile');

/** An old sandbox, registered with the version that it runs or with another one. */
export async function stageRegisteredOldSandbox(world: Phase9World, version?: string): Promise<void> {
  await stageOldSandbox(world);
  stageRegistryAndSession(world, version ?? world.get('oldVersion'));
}

/** A sandbox that stays as it was onboarded, and is registered with another version than the one it runs. */
export async function stageRegisteredVersion(world: Phase9World, version: string): Promise<void> {
  stageRegistryAndSession(world, version);
  const container = (await world.sandbox().container()).peek();
  if (!container) throw new Error(`the sandbox ${world.get('sandbox')} has no container`);
  const expected = expectedVersion(world.own.tree, world.get('agent'));
  world.set({ expectedVersion: expected, containerBefore: container.id });
}

/** Replaces the onboarded sandbox by one of the same name made from the old image; the gateway stays. */
async function stageOldSandbox(world: Phase9World): Promise<void> {
  const { gateway, directory, durable, tree } = world.own;
  const { bounds } = world.profile;
  const name = world.get('sandbox');
  await gateway.deleteSandbox(name, { within: bounds.command });
  const context = path.join(directory, 'old-sandbox');
  mkdirSync(context, { recursive: true });
  const dockerfile = path.join(context, 'Dockerfile');
  const text = readFileSync(template, 'utf8').replaceAll('{base-image}', world.get('oldImage'));
  writeFileSync(dockerfile, `${text}${identityInstructions(world.profile.release)}`);
  // OpenShell's own default policy lets nothing below /opt run: the sandbox has its agent's, as NemoClaw gives it.
  const policy = durable.inTree(agentFile(tree, world.get('agent'), 'defaultPolicy'));
  await gateway.createSandbox(name, dockerfile, ['true'], { within: bounds.imageBuild }, policy);
  await becomesReady(world, name);
  const container = (await world.sandbox().container()).peek();
  if (!container) throw new Error(`the sandbox ${name} is Ready and has no container`);
  const version = (await world.sandbox().agentVersion()).peek();
  world.set({ containerBefore: container.id });
  world.staged('old-sandbox', {
    sandbox: name,
    container: container.id,
    image: container.imageId,
    version,
    expected: expectedVersion(world.own.tree, world.get('agent')),
  });
}

/** Waits until the gateway calls the sandbox Ready. */
export async function becomesReady(world: Phase9World, name: string): Promise<void> {
  let last = 'not listed';
  await until(
    `the sandbox ${name} to be Ready`,
    async () => {
      last = (await world.own.gateway.phase(name)).peek() ?? 'not listed';
      return last === 'Ready';
    },
    { within: world.profile.bounds.sandboxReady, every: 250, last: () => last },
  );
}

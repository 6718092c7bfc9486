import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { inRepository } from '../repository';
import { agentFile } from '../sut/agent-files';
import { identityInstructions } from '../sut/releases/owner-environment';
import { until } from '../sut/until';
import { lackOf } from '../world/capabilities';
import type { Phase9World } from '../world/world';
import { expectedVersion } from './expected-version';
import { stageRegistryAndSession } from './registry-session';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** ID of the sandbox's container before the action. */
    containerBefore: string;
    /** Names of the credentials that onboarding attached to the sandbox. */
    credentialsAttached: readonly string[];
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
  const name = world.get('sandbox');
  const policy = await policyAsOnboarded(world);
  world.set({ credentialsAttached: (await world.sandbox().attachedCredentials()).peek() });
  await world.own.gateway.deleteSandbox(name, { within: world.profile.bounds.command });
  world.set({ containerBefore: await makeOldSandbox(world, name, policy) });
}

/** The directory from which old sandboxes are made. */
function buildContext(world: Phase9World): string {
  const context = path.join(world.own.directory, 'old-sandbox');
  mkdirSync(context, { recursive: true });
  return context;
}

/**
 * Makes a sandbox from the old image.
 * @param policy a policy file; without one, the policy that the scenario's own sandbox has
 * @returns the ID of its container
 */
export async function makeOldSandbox(world: Phase9World, name: string, policy?: string): Promise<string> {
  const { gateway } = world.own;
  const { bounds } = world.profile;
  const policyFile = policy ?? (await policyAsOnboarded(world));
  const dockerfile = path.join(buildContext(world), 'Dockerfile');
  const text = readFileSync(template, 'utf8').replaceAll('{base-image}', world.get('oldImage'));
  writeFileSync(dockerfile, `${text}${identityInstructions(world.profile.release)}`);
  await gateway.createSandbox(name, dockerfile, ['true'], { within: bounds.imageBuild }, policyFile);
  await becomesReady(world, name);
  const container = (await world.sandbox(name).container()).peek();
  if (!container) throw new Error(`the sandbox ${name} is Ready and has no container`);
  const version = (await world.sandbox(name).agentVersion()).peek();
  world.staged('old-sandbox', {
    sandbox: name,
    container: container.id,
    image: container.imageId,
    version,
    expected: expectedVersion(world.own.tree, world.get('agent')),
  });
  return container.id;
}

/**
 * A file with the policy that NemoClaw gave the onboarded sandbox: OpenShell's own default lets nothing below /opt run, and the agent's default in the
 * tree is more than NemoClaw gives where it leaves out the channels that the owner does not use.
 */
async function policyAsOnboarded(world: Phase9World): Promise<string> {
  const { durable, gateway, tree } = world.own;
  if (lackOf(world, ['policy-taken-back']) !== undefined)
    return durable.inTree(agentFile(tree, world.get('agent'), 'defaultPolicy'));
  const policy = (await gateway.policyDocument(world.get('sandbox'))).peek();
  const file = path.join(buildContext(world), 'policy.yaml');
  writeFileSync(file, stringify(policy));
  return file;
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

import type { Observation } from '../evidence/observation';
import type { ContainerSeen } from '../sut/engine';
import type { NetworkPolicies } from '../sut/policy';
import type { Phase9World } from '../world/world';

/** What a command that only asks must leave as it is: registry and session, and of each sandbox its container and its live policy. */
export interface Look {
  readonly registry: Observation<Buffer>;
  readonly session: Observation<Buffer>;
  readonly sandboxes: Readonly<Record<string, SandboxLook>>;
}

interface SandboxLook {
  readonly container: Observation<ContainerSeen | null>;
  readonly policy: Observation<NetworkPolicies>;
}

/** Looks at it now. */
export async function lookAt(world: Phase9World, names: readonly string[]): Promise<Look> {
  const { durable, gateway } = world.own;
  const sandboxes = await Promise.all(
    names.map(async (name): Promise<[string, SandboxLook]> => {
      const [container, policy] = await Promise.all([world.sandbox(name).container(), gateway.networkPolicies(name)]);
      return [name, { container, policy }];
    }),
  );
  return {
    registry: durable.file(durable.registryPath),
    session: durable.file(durable.sessionPath),
    sandboxes: Object.fromEntries(sandboxes),
  };
}

import type { Phase, PolicyView, SandboxView } from '../api/messages';
import { containerState, runningContainers } from '../driver/container';
import type { PolicyRevision } from '../policy/revision';
import { policyYaml } from '../policy/schema';
import { Problem } from '../problem';
import type { SandboxRecord } from '../records';
import type { GatewayWorld } from '../world';

/** The record of a sandbox. @throws {Problem} 404 when there is none of that name. */
export function requireSandbox(world: GatewayWorld, name: string): SandboxRecord {
  const record = world.store.sandbox(name);
  if (!record) throw new Problem(404, `sandbox '${name}' not found`);
  return record;
}

/** A sandbox that should be ready is in error while its container does not run. */
function phaseOf(record: SandboxRecord, running: boolean): Phase {
  return record.phase === 'Ready' && !running ? 'Error' : record.phase;
}

export function policyView(revision: PolicyRevision): PolicyView {
  const { version, hash, createdMs, loadedMs, policy } = revision;
  return { version, hash, createdMs, loadedMs, yaml: policyYaml(policy) };
}

function view(record: SandboxRecord, running: boolean): SandboxView {
  const { id, name, createdAt, image, container, providers, resourceVersion, revision } = record;
  return {
    ...{ id, name, createdAt, image, container, providers, resourceVersion },
    phase: phaseOf(record, running),
    policySource: revision.source,
    user: revision.policy.process?.run_as_user ?? 'sandbox',
    files: { filesystem_policy: revision.policy.filesystem_policy, landlock: revision.policy.landlock },
    policy: policyView(revision),
  };
}

/** One sandbox, with the phase its container is in now. */
export async function viewSandbox(world: GatewayWorld, name: string): Promise<SandboxView> {
  const state = await containerState(requireSandbox(world, name).container);
  return view(requireSandbox(world, name), state?.Running ?? false);
}

/** All sandboxes, by name. */
export async function viewSandboxes(world: GatewayWorld): Promise<SandboxView[]> {
  if (world.store.sandboxes().length === 0) return [];
  const running = await runningContainers(world.store.gatewayId);
  const records = [...world.store.sandboxes()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return records.map((record) => view(record, running.has(record.container)));
}

import { type AgentManifest, agentNamed, loadAgentManifest } from './agent-manifest';
import type { SandboxEntry } from './registry';
import { isBelow } from './version';

export interface Staleness {
  readonly agent: AgentManifest;
  /** As the registry has it; undefined where it has none. */
  readonly version: string | undefined;
  readonly stale: boolean;
}

/** Compares the registered agent version with the one that this release expects. */
export function stalenessOf(entry: SandboxEntry): Staleness {
  const agent = loadAgentManifest(agentNamed(entry.agent));
  const version = entry.agentVersion ?? undefined;
  return { agent, version, stale: version !== undefined && isBelow(version, agent.expected_version) };
}

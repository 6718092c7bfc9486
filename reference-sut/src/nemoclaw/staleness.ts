import { type AgentManifest, agentNamed, loadAgentManifest } from './agent-manifest';
import { agentVersionInside } from './agent-process';
import type { SandboxEntry } from './registry';
import { isBelow } from './version';

export interface Staleness {
  readonly agent: AgentManifest;
  /** As the agent itself reports it inside the sandbox; undefined where it could not be asked. */
  readonly version: string | undefined;
  readonly stale: boolean;
}

/**
 * Asks the agent inside a sandbox for its version, and compares it with the one that this release expects. The registry's version is only what
 * somebody wrote down once; where the agent cannot be asked, its version is unknown.
 */
export async function stalenessOf(name: string, entry: SandboxEntry): Promise<Staleness> {
  const agent = loadAgentManifest(agentNamed(entry.agent));
  const version = await agentVersionInside(name, agent).catch(() => undefined);
  return { agent, version, stale: version !== undefined && isBelow(version, agent.expected_version) };
}

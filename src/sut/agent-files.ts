import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { AgentName } from './agents';

/** What a file of the SUT's tree is for, as an agent's own manifest names it, and where it lies by custom. */
const PURPOSES = {
  baseDockerfile: { keys: ['base_dockerfile', 'dockerfile_base'], names: ['Dockerfile.base'] },
  dockerfile: { keys: ['dockerfile'], names: ['Dockerfile'] },
  /** What a sandbox of the agent may do before anybody opens anything. */
  defaultPolicy: { keys: ['policy'], names: ['policy-additions.yaml', 'policy.yaml'] },
} as const;
const MANIFEST = 'manifest.yaml';
export type AgentFilePurpose = keyof typeof PURPOSES;

/**
 * The path, relative to the tree, of a file of an agent. The tree is asked: the agent's manifest first, wherever in it the key stands; then the agent's
 * directory, by the usual names.
 * @throws with all places that were looked at, when there is none.
 */
export function agentFile(tree: string, agent: AgentName, purpose: AgentFilePurpose): string {
  const directory = path.join('agents', agent);
  const { keys, names } = PURPOSES[purpose];
  const manifest = path.join(directory, MANIFEST);
  const named = valuesOf(agentManifest(tree, agent), keys);
  const usual = names.map((name) => path.join(directory, name));
  const found = [...named, ...usual].find((one) => existsSync(path.join(tree, one)));
  if (found !== undefined) return found;
  const asked = named.length > 0 ? ` (which names ${named.join(', ')})` : '';
  throw new Error(
    `${tree} has no ${purpose} of ${agent}: neither ${manifest}${asked} nor ${usual.join(', ')} leads to a file`,
  );
}

/** What the tree declares of an agent; undefined where it has no manifest of it. */
export function agentManifest(tree: string, agent: AgentName): unknown {
  const file = path.join(tree, 'agents', agent, MANIFEST);
  return existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined;
}

/** Every string under one of `keys`, at any depth, in the order of the file. */
function valuesOf(value: unknown, keys: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) =>
    keys.includes(key) && typeof inside === 'string' ? [inside] : valuesOf(inside, keys),
  );
}

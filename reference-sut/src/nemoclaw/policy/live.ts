import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import * as z from 'zod';
import type { AgentManifest } from '../agent-manifest';
import { CommandFailure } from '../failure';
import { openshellMust } from '../openshell';
import { sourceRoot } from '../places';
import { type NetworkPolicies, type PolicyDocument, PolicyDocumentSchema } from './document';

/** The policy that the gateway enforces for a sandbox now. */
export async function readLivePolicy(sandbox: string): Promise<PolicyDocument> {
  const output = await openshellMust(['policy', 'get', '--full', sandbox]);
  const [, yaml] = output.split(/^---\s*$/m);
  const parsed = PolicyDocumentSchema.safeParse(parse(yaml ?? ''));
  if (!parsed.success) {
    throw new CommandFailure(`The gateway's policy of '${sandbox}' can't be read: ${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

export function networkPoliciesOf(document: PolicyDocument): NetworkPolicies {
  return document.network_policies ?? {};
}

/** Sets the network entries of a sandbox's policy, waits until they are enforced, and returns openshell's output. */
export async function setNetworkPolicies(
  sandbox: string,
  document: PolicyDocument,
  entries: NetworkPolicies,
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'nemoclaw-policy-'));
  try {
    const file = join(directory, 'policy.yaml');
    writeFileSync(file, stringify({ ...document, version: 1, network_policies: entries }), { mode: 0o600 });
    return await openshellMust(['policy', 'set', sandbox, '--policy', file, '--wait']);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The network entries that every sandbox of this agent starts with. */
export function defaultEntries(manifest: AgentManifest): NetworkPolicies {
  return networkPoliciesOf(
    PolicyDocumentSchema.parse(parse(readFileSync(join(sourceRoot(), manifest.policy), 'utf8'))),
  );
}

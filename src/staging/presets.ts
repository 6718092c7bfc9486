import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inRepository } from '../repository';
import { agentFile } from '../sut/agent-files';
import type { AgentName } from '../sut/agents';
import { type NetworkPolicies, networkPolicySchema } from '../sut/policy';
import { parseYamlFile } from '../yaml-file';

const policyFileSchema = z.looseObject({ network_policies: z.record(z.string(), networkPolicySchema).nullish() });

function networkPoliciesOf(file: string): NetworkPolicies {
  return parseYamlFile(file, readFileSync(file, 'utf8'), policyFileSchema).network_policies ?? {};
}

const PRESETS = 'nemoclaw-blueprint/policies/presets';

/** What the SUT's own preset file opens. The suite spells no host out: it compares with what the SUT says. */
export function loadPreset(tree: string, name: string): NetworkPolicies {
  return networkPoliciesOf(path.join(tree, PRESETS, `${name}.yaml`));
}

/** What every preset file of the SUT opens, by the preset's name. */
export function loadPresets(tree: string): Readonly<Record<string, NetworkPolicies>> {
  const files = readdirSync(path.join(tree, PRESETS)).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(files.sort().map((file) => [file.slice(0, -5), loadPreset(tree, file.slice(0, -5))]));
}

/** What a sandbox may do before anybody opens anything. */
export function loadDefaultPolicy(tree: string, agent: AgentName): NetworkPolicies {
  return networkPoliciesOf(path.join(tree, agentFile(tree, agent, 'defaultPolicy')));
}

/** A policy file of the suite's fixtures. */
export function loadPolicyFixture(name: string): {
  readonly file: string;
  readonly text: string;
  readonly policies: NetworkPolicies;
} {
  const file = inRepository(`fixtures/${name}`);
  return { file, text: readFileSync(file, 'utf8'), policies: networkPoliciesOf(file) };
}

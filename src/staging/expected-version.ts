import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { AgentName } from '../sut/agents';
import { parseYamlFile } from '../yaml-file';

const manifestSchema = z.looseObject({ expected_version: z.string() });

/** The version that the SUT expects of an agent: `expected_version` in its agents/<agent>/manifest.yaml. */
export function expectedVersion(tree: string, agent: AgentName): string {
  const file = path.join(tree, 'agents', agent, 'manifest.yaml');
  return parseYamlFile(file, readFileSync(file, 'utf8'), manifestSchema).expected_version;
}

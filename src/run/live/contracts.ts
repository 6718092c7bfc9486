import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inRepository } from '../../repository';
import { type Contract, contractSchema } from '../../spec/contract';
import type { AgentName } from '../../sut/agents';
import { agentOf, type Tags } from '../../world/tags';
import { parseYamlFile } from '../../yaml-file';

/** Tag of the scenarios that need no Docker Engine. */
export const WITHOUT_ENGINE = '@no-engine';

/** The scenarios of one contract that are staged alike, and so can run or cannot: of one agent, with an engine or without. */
export interface ScenarioGroup extends Pick<Contract, 'environment' | 'fixtures' | 'features'> {
  /** The contract's name, with what tells its groups apart. */
  readonly name: string;
  /** Undefined where the scenarios name no agent. */
  readonly agent: AgentName | undefined;
  readonly engine: boolean;
  /** The rows that its features are tagged with. */
  readonly rows: readonly string[];
}

/** The groups of all contracts of the repository. @throws YamlFileError for one that is malformed */
export function scenarioGroups(): ScenarioGroup[] {
  const directory = inRepository('contracts');
  const names = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
  return names.sort().flatMap((name) => {
    const file = path.join(directory, name);
    const contract = parseYamlFile(file, readFileSync(file, 'utf8'), contractSchema);
    return groupsOf(
      contract,
      contract.features.map((feature) => readFileSync(inRepository(feature), 'utf8')),
    );
  });
}

/** The groups of a contract. @param texts its features */
export function groupsOf(
  { name, environment, fixtures, features }: Pick<Contract, 'name' | 'environment' | 'fixtures' | 'features'>,
  texts: readonly string[],
): ScenarioGroup[] {
  const scenarios = texts.flatMap(scenarioTags);
  const rows = new Set(scenarios.flat().flatMap((tag) => /^@(AQ-\d{3})$/.exec(tag)?.[1] ?? []));
  const known = new Set(
    scenarios.flatMap((tags) => (['openclaw', 'hermes'] as const).filter((one) => tags.includes(`@${one}`))),
  );
  const agents = known.size === 0 ? [undefined] : [...known];
  const engines = [...new Set(scenarios.map((tags) => !tags.includes(WITHOUT_ENGINE)))];
  return agents.flatMap((agent) =>
    engines.map((engine): ScenarioGroup => {
      const parts = [
        ...(agents.length > 1 && agent !== undefined ? [agent] : []),
        ...(engines.length > 1 && !engine ? ['without engine'] : []),
      ];
      const shown = parts.length === 0 ? name : `${name} (${parts.join(', ')})`;
      return { name: shown, environment, fixtures, features, rows: [...rows].sort(), agent, engine };
    }),
  );
}

/** The tags of each scenario and each block of examples of a feature, with those of the feature itself. */
function scenarioTags(feature: string): string[][] {
  const found: string[][] = [];
  let common: readonly string[] = [];
  let tags: string[] = [];
  for (const line of feature.split('\n').map((one) => one.trim())) {
    if (line.startsWith('@')) tags.push(...line.split(/\s+/));
    else if (/^(?:Feature|Scenario|Scenario Outline|Examples):/.test(line)) {
      if (line.startsWith('Feature:')) common = tags;
      else found.push([...common, ...tags]);
      tags = [];
    }
  }
  return found;
}

/** Whether a scenario is one of the group. @param uri its feature, @param tags its tags, those around it included */
export function isOfGroup({ features, agent, engine }: ScenarioGroup, uri: string, tags: Tags): boolean {
  const own = agentOf(tags);
  const sameAgent = agent === undefined || own === undefined || own === agent;
  return features.includes(uri) && sameAgent && engine === !tags.some(({ name }) => name === WITHOUT_ENGINE);
}

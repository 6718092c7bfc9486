import type { LedgerAssertion } from '../spec/ledger';
import { type AgentName, agentFacts } from '../sut/agents';

/** A scenario's tags, as Cucumber hands them out. */
export type Tags = readonly { readonly name: string }[];

/** The agent that a scenario's tags name: @openclaw or @hermes. @throws when they name both. */
export function agentOf(tags: Tags): AgentName | undefined {
  const named = (Object.keys(agentFacts) as AgentName[]).filter((agent) =>
    tags.some(({ name }) => name === `@${agent}`),
  );
  if (named.length > 1) throw new Error(`a scenario has one agent; its tags name ${named.join(' and ')}`);
  return named[0];
}

/**
 * The variant of an assertion that a step makes: the one among the ledger's that a parameter of its sentence has as its value,
 * else the one that the scenario's tags name (@legacy, say), else the agent, of which the ledger may list one alone; null where
 * the ledger lists none.
 * @throws when neither sentence nor tags name a variant, or they name more than one.
 */
export function variantOf(
  { id, variants }: Pick<LedgerAssertion, 'id' | 'variants'>,
  tags: Tags,
  parameters: readonly (string | undefined)[] = [],
): string | null {
  if (variants.length === 0) return null;
  const said = variants.filter((variant) => parameters.includes(variant));
  const named = said.length > 0 ? said : variants.filter((variant) => tags.some(({ name }) => name === `@${variant}`));
  const variant = named.length === 0 ? agentOf(tags) : named[0];
  if (variant === undefined || named.length > 1) {
    const wanted = variants.map((one) => `@${one}`).join(', ');
    throw new Error(`${id}: a scenario that makes it has exactly one of the tags ${wanted}, or its sentence names one`);
  }
  return variant;
}

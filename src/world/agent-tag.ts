import { type AgentName, agentFacts } from '../sut/agents';

/** The agent that a scenario's tags name: @openclaw or @hermes. @throws when they name both. */
export function agentOf(tags: readonly { readonly name: string }[]): AgentName | undefined {
  const named = (Object.keys(agentFacts) as AgentName[]).filter((agent) =>
    tags.some(({ name }) => name === `@${agent}`),
  );
  if (named.length > 1) throw new Error(`a scenario has one agent; its tags name ${named.join(' and ')}`);
  return named[0];
}

import type { Pickle } from '@cucumber/messages';
import { type LedgerAssertion, ledgerEntryFor } from '../evidence/ledger';
import { type DefinedStep, stepFor } from './step-registry';
import { agentOf, variantOf } from './tags';

/** One assertion that a scenario owes. */
export interface OwedAssertion {
  readonly entry: LedgerAssertion;
  readonly variant: string | null;
  /** Text of the step that makes it. */
  readonly text: string;
  readonly definition: DefinedStep;
}

/** Every assertion that a scenario owes, in the order of its steps. @throws for an ID that the ledger does not know. */
export function owedAssertions(pickle: Pick<Pickle, 'tags' | 'steps'>): OwedAssertion[] {
  const agent = agentOf(pickle.tags);
  return pickle.steps.flatMap(({ text }) => {
    const definition = stepFor(text)?.step;
    if (!definition || definition.meaning.kind === 'action' || definition.meaning.kind === 'check') return [];
    const entry = ledgerEntryFor(definition.meaning.id, agent);
    return [{ entry, variant: variantOf(entry, pickle.tags), text, definition }];
  });
}

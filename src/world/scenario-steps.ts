import { DataTable } from '@cucumber/cucumber';
import type { Pickle, PickleStep } from '@cucumber/messages';
import { ledgerEntry } from '../spec/ledger';
import type { DefinedStep, IdTemplate, ScenarioStep, StepAssertion } from './step-meaning';
import { definedSteps } from './step-registry';
import { agentOf, type Tags, variantOf } from './tags';
import type { Phase9World } from './world';

/** Values that stand for `{name}` in an ID. */
type Placeholders = Readonly<Record<string, string | undefined>>;

/** The IDs of `template` that a scenario with these tags makes. @throws when a placeholder has no value, or no row's tag is there */
export function idsFor(template: IdTemplate, tags: Tags, values: Placeholders = {}): string[] {
  const known: Placeholders = { agent: agentOf(tags), ...values };
  const fill = (id: string) =>
    id.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = known[name];
      if (value !== undefined) return value;
      throw new Error(
        name === 'agent'
          ? `${id}: the scenario has no tag @openclaw or @hermes`
          : `${id}: its sentence has no parameter {${name}}`,
      );
    });
  if (typeof template === 'string') return [fill(template)];
  const ids = Object.entries(template).filter(([row]) => tags.some(({ name }) => name === `@${row}`));
  if (ids.length === 0)
    throw new Error(`a scenario with this step has one of the tags @${Object.keys(template).join(', @')}`);
  return ids.map(([, id]) => fill(id));
}

function assertionsOf(template: IdTemplate, tags: Tags, values: Placeholders): StepAssertion[] {
  return idsFor(template, tags, values).map((id) => {
    const entry = ledgerEntry(id);
    return { entry, variant: variantOf(entry, tags, Object.values(values)) };
  });
}

function resolve({ text, argument }: Pick<PickleStep, 'text' | 'argument'>, tags: Tags): ScenarioStep<Phase9World> {
  const table = argument?.dataTable ? [new DataTable(argument.dataTable)] : [];
  for (const definition of definedSteps()) {
    const found = definition.expression.match(text);
    if (!found) continue;
    const args = [...found.map((one) => one.getValue(null) as unknown), ...table];
    const values = Object.fromEntries(
      found.map((one) => [one.getParameterType().name ?? '', String(one.getValue(null))] as const),
    );
    const { meaning } = definition;
    requireArguments(definition, args.length);
    const asserts = meaning.kind === 'assertion' || meaning.kind === 'cleanup';
    return { text, definition, args, makes: asserts ? assertionsOf(meaning.id, tags, values) : [] };
  }
  return { text, definition: undefined, args: table, makes: [] };
}

/** Cucumber fails a step whose function takes another number of arguments than its sentence has. @throws before that, with the place */
function requireArguments({ meaning, pattern, file, line }: DefinedStep<Phase9World>, count: number): void {
  const declared = meaning.kind === 'cleanup' ? 0 : meaning.body.length - (meaning.kind === 'assertion' ? 2 : 1);
  if (Math.max(0, declared) === count) return;
  throw new Error(`${file}:${line}: "${pattern}" has ${count} argument(s), and its function declares ${declared}`);
}

/** The steps of a scenario, each with its definition and the assertions that it makes. @throws for an ID that the ledger does not know */
export function scenarioSteps({ tags, steps }: Pick<Pickle, 'tags' | 'steps'>): ScenarioStep<Phase9World>[] {
  return steps.map((step) => resolve(step, tags));
}

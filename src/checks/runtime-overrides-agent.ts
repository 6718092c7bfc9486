import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { settings } from '../staging/runtime-overrides-cases';
import type { Phase9World } from '../world/world';
import { bytesOf, configuredAfter, ranToTheEnd } from './runtime-overrides-start';

const providersSchema = z.looseObject({
  agents: z.unknown(),
  models: z.looseObject({
    providers: z.record(z.string(), z.looseObject({ models: z.array(z.looseObject({ id: z.string() })) })),
  }),
});

/** The names of a model with its provider, and of that provider without it: an agent asks for either. */
export function namesOf(model: string, provider: string): readonly string[] {
  return model.startsWith(`${provider}/`) ? [model, model.slice(provider.length + 1)] : [model];
}

/** Every text in a value, however deep. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * The models that the agents' part of a configuration names: under `model`, at any depth, a fallback among them, and as keys
 * under `models`.
 */
export function modelsNamedIn(agents: unknown): readonly string[] {
  if (typeof agents !== 'object' || agents === null) return [];
  return Object.entries(agents).flatMap(([key, value]) => {
    if (key === 'model') return textsIn(value);
    if (key === 'models') return Object.keys(value ?? {});
    return modelsNamedIn(value);
  });
}

/** The overridden model, and the names under which a provider may have it. */
function overridden(a: AssertionContext, world: Phase9World) {
  const { start, overrides } = world.get('agentStart');
  ranToTheEnd(a, start);
  const model = overrides[settings.model.variable] ?? '';
  const { agents, models } = a.see(
    start.config.map((file) => providersSchema.parse(JSON.parse(bytesOf(file).toString('utf8')))),
  );
  const names = Object.keys(models.providers).flatMap((provider) => namesOf(model, provider));
  return { model, names: [...new Set(names)], agents, providers: Object.values(models.providers) };
}

/** What the agent left behind, which has to have a default model. */
function reportOf(a: AssertionContext, world: Phase9World) {
  const report = a.see(world.get('agentStart').report);
  a.equals("exit status of the agent's own list", report.listed.exit, 0);
  const [chosen, ...others] = report.models.filter(({ tags }) => tags.includes('default'));
  a.equals('default models beside the first', others, []);
  return { ...report, chosen };
}

/** Every model of every provider in the configuration is the overridden one, and so is each that the agents' part names. */
export function modelIsTakenOverEverywhere(a: AssertionContext, world: Phase9World): void {
  const { model, names, agents, providers } = overridden(a, world);
  a.equals('default model', configuredAfter(a, world.get('agentStart').start).model, model);
  const ids = providers.flatMap(({ models }) => models.map(({ id }) => id));
  a.isNotEmpty('models of the providers', ids);
  for (const id of ids) a.oneOf('model of a provider', id, names);
  for (const named of modelsNamedIn(agents)) a.oneOf('model of an agent', named, names);
}

/** The agent's own list has the overridden model as its default, available, and no other one. */
export function agentListsModel(a: AssertionContext, world: Phase9World): void {
  const { model } = overridden(a, world);
  const { chosen, models } = reportOf(a, world);
  a.equals(
    "models in the agent's list",
    models.map(({ key }) => key),
    [model],
  );
  a.equals('its default', chosen?.key, model);
  a.equals('available, and not missing', [chosen?.available, chosen?.missing], [true, false]);
}

/** The agent took a turn, and asked its provider for the overridden model. */
export function turnUsesModel(a: AssertionContext, world: Phase9World): void {
  const { names } = overridden(a, world);
  const { turn, requests } = reportOf(a, world);
  a.equals('exit status of the turn', turn.exit, 0);
  a.includes('what the agent answered', turn.stdout, world.get('agentStart').answer);
  a.isNotEmpty('requests at the endpoint', requests);
  for (const { model } of requests) a.oneOf('model of a request', model, names);
}

/** The agent counts with the context window that was given with the model. */
export function agentKnowsContextWindow(a: AssertionContext, world: Phase9World): void {
  const { overrides } = world.get('agentStart');
  const { chosen } = reportOf(a, world);
  a.equals(
    'context window of the default',
    String(chosen?.contextWindow),
    overrides[settings['context-window'].variable],
  );
}

/** The agent asks for no longer response than was given with the model. */
export function turnUsesMaxTokens(a: AssertionContext, world: Phase9World): void {
  const { overrides } = world.get('agentStart');
  const { requests } = reportOf(a, world);
  a.isNotEmpty('requests at the endpoint', requests);
  for (const { maxTokens } of requests)
    a.equals('longest response of a request', String(maxTokens), overrides[settings['max-tokens'].variable]);
}

/** Environment that one start of the sandbox image is given. */
export type Overrides = Readonly<Record<string, string>>;

/** What the overrides ask for: each another than what any image is built with. */
export const wished = {
  model: 'phase9/another-model',
  contextWindow: 32768,
  maxTokens: 16384,
  reasoning: true,
  origin: 'https://console.phase9.example.test:9999',
} as const;

const model: Overrides = { NEMOCLAW_MODEL_OVERRIDE: wished.model };
const contextWindow: Overrides = { NEMOCLAW_CONTEXT_WINDOW: String(wished.contextWindow) };
const maxTokens: Overrides = { NEMOCLAW_MAX_TOKENS: String(wished.maxTokens) };
const reasoning: Overrides = { NEMOCLAW_REASONING: String(wished.reasoning) };
const origin: Overrides = { NEMOCLAW_CORS_ORIGIN: wished.origin };

/** What NemoClaw takes. Limits and reasoning count only together with a model. */
export const acceptedCases = {
  contextWindowAlone: contextWindow,
  origin,
  model,
  contextWindow: { ...model, ...contextWindow },
  maxTokens: { ...model, ...maxTokens },
  reasoning: { ...model, ...reasoning },
  allFive: { ...model, ...contextWindow, ...maxTokens, ...reasoning, ...origin },
} as const satisfies Readonly<Record<string, Overrides>>;
export type AcceptedCase = keyof typeof acceptedCases;

/** One wrong value of a variable, and what else the start is given. */
export interface WrongValue {
  readonly variable: string;
  readonly value: string;
  readonly beside: Overrides;
}

function wrong(variable: string, values: readonly string[], beside: Overrides): readonly WrongValue[] {
  return values.map((value) => ({ variable, value, beside }));
}

const noPositiveInteger = ['notanumber', '0', '-5', '1.5', '032768'] as const;

/**
 * What NemoClaw does not take: what is far from right, and what is nearly right. A good model stands beside a wrong limit, so that
 * one which is written too early shows.
 */
export const wrongValues = {
  controlCharacter: wrong('NEMOCLAW_MODEL_OVERRIDE', ['phase9/a\tmodel', 'phase9/a\x01model', 'phase9/a\x7fmodel'], {}),
  contextWindow: wrong('NEMOCLAW_CONTEXT_WINDOW', noPositiveInteger, model),
  maxTokens: wrong('NEMOCLAW_MAX_TOKENS', noPositiveInteger, model),
  reasoning: wrong('NEMOCLAW_REASONING', ['maybe', 'True', 'yes', '1'], model),
  origin: wrong(
    'NEMOCLAW_CORS_ORIGIN',
    ['ftp://files.phase9.example.test', 'httpx://files.phase9.example.test', 'console.phase9.example.test'],
    {},
  ),
  inferenceApi: wrong('NEMOCLAW_INFERENCE_API_OVERRIDE', ['graphql', 'openai-responses'], model),
} as const satisfies Readonly<Record<string, readonly WrongValue[]>>;
export type WrongCase = keyof typeof wrongValues;
export const wrongKinds = Object.keys(wrongValues) as readonly WrongCase[];

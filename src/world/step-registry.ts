import { supportCodeLibraryBuilder } from '@cucumber/cucumber';
import type { Expression } from '@cucumber/cucumber-expressions';
import { CucumberExpression, type ParameterTypeRegistry, RegularExpression } from '@cucumber/cucumber-expressions';
import type { AssertionContext } from '../evidence/assertion';
import type { Phase9World } from './world';

/** What a step's arguments are is told by its expression; a body declares them. */
export type AssertionBody = (a: AssertionContext, world: Phase9World, ...args: never[]) => Promise<void> | void;
export type ActionBody = (world: Phase9World, ...args: never[]) => Promise<void>;
export type CheckBody = (world: Phase9World, ...args: never[]) => Promise<void> | void;

/** What a step definition of ours is; hangs on the function that Cucumber gets. */
export type StepMeaning =
  | { readonly kind: 'action'; readonly body: ActionBody }
  /** `id` may hold `{agent}`: the scenario's agent. */
  | { readonly kind: 'assertion'; readonly id: string; readonly body: AssertionBody }
  /** Of the audit itself, not of the system under test: no ID, no record; fails its scenario by what it throws. */
  | { readonly kind: 'check'; readonly body: CheckBody }
  /** Judged after the discharge, from the journal. */
  | { readonly kind: 'cleanup'; readonly id: string; readonly fixture: string };

const MEANING = Symbol('phase9 step');
type StepFunction = ((this: Phase9World, ...args: unknown[]) => Promise<void>) & { [MEANING]: StepMeaning };

function stepFunction(meaning: StepMeaning, argumentCount: number): StepFunction {
  const step = async function (this: Phase9World, ...args: unknown[]): Promise<void> {
    await this.carryOut(meaning, args);
  };
  // Cucumber counts a step function's arguments to find out whether it wants a callback.
  Object.defineProperty(step, 'length', { value: argumentCount });
  return Object.assign(step, { [MEANING]: meaning });
}

/** A step that does something: stages, or acts on the SUT. Fails only when it could not be carried out. */
export function action(body: ActionBody) {
  return stepFunction({ kind: 'action', body }, Math.max(0, body.length - 1));
}

/** A step that makes one assertion of the ledger. */
export function assertion(id: string, body: AssertionBody) {
  return stepFunction({ kind: 'assertion', id, body }, Math.max(0, body.length - 2));
}

/** A step that checks what the audit says. @see StepMeaning */
export function check(body: CheckBody) {
  return stepFunction({ kind: 'check', body }, Math.max(0, body.length - 1));
}

/** A step that asserts that a fixture was put back: judged after the discharge, and only if the mutation was really made. */
export function putBack(id: string, fixture: string) {
  return stepFunction({ kind: 'cleanup', id, fixture }, 0);
}

/** A step definition of this suite: its text, what it means, and where it stands. */
export interface DefinedStep {
  readonly pattern: string;
  readonly expression: Expression;
  readonly meaning: StepMeaning;
  readonly file: string;
  readonly line: number;
}

interface BuilderInternals {
  readonly parameterTypeRegistry: ParameterTypeRegistry;
  readonly stepDefinitionConfigs: readonly {
    readonly code: Partial<StepFunction>;
    readonly pattern: string | RegExp;
    readonly uri: string;
    readonly line: number;
  }[];
}

let defined: readonly DefinedStep[] | undefined;

/**
 * All step definitions. Cucumber gives hooks no access to them, so they are read off its (pinned) builder; a test holds
 * this to the exact version.
 */
export function definedSteps(): readonly DefinedStep[] {
  if (defined) return defined;
  const { stepDefinitionConfigs, parameterTypeRegistry } = supportCodeLibraryBuilder as unknown as BuilderInternals;
  defined = stepDefinitionConfigs.map(({ code, pattern, uri, line }) => {
    const meaning = code[MEANING];
    if (!meaning)
      throw new Error(`${uri}:${line}: the step "${pattern}" is neither an action, nor an assertion, nor a check`);
    const expression =
      typeof pattern === 'string'
        ? new CucumberExpression(pattern, parameterTypeRegistry)
        : new RegularExpression(pattern, parameterTypeRegistry);
    return { pattern: String(pattern), expression, meaning, file: uri, line };
  });
  return defined;
}

/** The definition that `text` matches, with the values of its parameters. */
export function stepFor(text: string): { readonly step: DefinedStep; readonly args: readonly unknown[] } | undefined {
  for (const step of definedSteps()) {
    const match = step.expression.match(text);
    if (match) return { step, args: match.map((one) => one.getValue(null) as unknown) };
  }
  return undefined;
}

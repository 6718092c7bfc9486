import { CucumberExpression, RegularExpression } from '@cucumber/cucumber-expressions';
import { carryOut } from './carry-out';
import { builtSteps } from './cucumber-internals';
import type { ActionBody, AssertionBody, DefinedStep, IdTemplate, StepMeaning } from './step-meaning';
import type { Phase9World } from './world';

/** Hangs on the function that Cucumber gets. */
const MEANING = Symbol('phase9 step');
type StepFunction = ((this: Phase9World, ...args: unknown[]) => Promise<void>) & {
  [MEANING]: StepMeaning<Phase9World>;
};

function stepFunction(meaning: StepMeaning<Phase9World>, argumentCount: number): StepFunction {
  const step = function (this: Phase9World, ...args: unknown[]): Promise<void> {
    return carryOut(this, meaning, args);
  };
  // Cucumber counts a step function's arguments to find out whether it wants a callback.
  Object.defineProperty(step, 'length', { value: argumentCount });
  return Object.assign(step, { [MEANING]: meaning });
}

/** A step that does something: stages, or acts on the SUT. Fails only when it could not be carried out. */
export function action(body: ActionBody<Phase9World>) {
  return stepFunction({ kind: 'action', body }, Math.max(0, body.length - 1));
}

/** A step that makes an assertion of the ledger, or one for each row that has its own ID for it. */
export function assertion(id: IdTemplate, body: AssertionBody<Phase9World>) {
  return stepFunction({ kind: 'assertion', id, body }, Math.max(0, body.length - 2));
}

/** A step that checks what the audit reports. @see StepMeaning */
export function check(body: ActionBody<Phase9World>) {
  return stepFunction({ kind: 'check', body }, Math.max(0, body.length - 1));
}

/** A step that asserts that a fixture was restored: judged after the restore, and only if the mutation was really made. */
export function restored(id: IdTemplate, fixture: string) {
  return stepFunction({ kind: 'cleanup', id, fixture }, 0);
}

let defined: readonly DefinedStep<Phase9World>[] | undefined;

/** All step definitions. @throws for one that has no meaning. */
export function definedSteps(): readonly DefinedStep<Phase9World>[] {
  if (defined) return defined;
  const { steps, parameterTypes } = builtSteps();
  defined = steps.map(({ code, pattern, uri, line }) => {
    const meaning = (code as Partial<StepFunction>)[MEANING];
    if (!meaning)
      throw new Error(`${uri}:${line}: the step "${pattern}" is neither an action, nor an assertion, nor a check`);
    const expression =
      typeof pattern === 'string'
        ? new CucumberExpression(pattern, parameterTypes)
        : new RegularExpression(pattern, parameterTypes);
    return { pattern: String(pattern), expression, meaning, file: uri, line };
  });
  return defined;
}

import { log } from './log';
import { reasonOf } from './problem';

/** One named step of an operation. `undo` takes back what `run` did when a later step fails. */
export interface Step<C> {
  readonly name: string;
  readonly run: (context: C) => Promise<void>;
  readonly undo?: (context: C) => Promise<void>;
}

/**
 * Runs the steps in order. When one fails, it and the steps before it are undone, last first, and the failure is thrown
 * on. Steps are named so that an operation can be followed in the log, and a single one be wrapped or left out.
 */
export async function runPipeline<C>(operation: string, steps: readonly Step<C>[], context: C): Promise<void> {
  const begun: Step<C>[] = [];
  for (const step of steps) {
    const started = Date.now();
    begun.unshift(step);
    try {
      await step.run(context);
      log('step', { operation, step: step.name, ms: Date.now() - started });
    } catch (error) {
      log('step failed', { operation, step: step.name, reason: reasonOf(error) });
      for (const done of begun) {
        await done.undo?.(context).catch((failure: unknown) => {
          log('undo failed', { operation, step: done.name, reason: reasonOf(failure) });
        });
      }
      throw error;
    }
  }
}

import { reasonOf } from './reason';

/** A named step of an operation. Names are stable: they are the seams at which a step is wrapped or removed. */
export interface Step<Context> {
  readonly name: string;
  readonly run: (context: Context) => Promise<void> | void;
  /** Reverses what `run` did when this step or a later one fails. */
  readonly undo?: (context: Context) => Promise<void> | void;
}

/** A pipeline's report of one of its steps. Durations are in ms. */
export type StepEvent = { readonly pipeline: string; readonly step: string } & (
  | { readonly outcome: 'done'; readonly ms: number }
  | { readonly outcome: 'failed' | 'undo-failed'; readonly reason: string }
);

/** Which step of which pipeline threw; the original error is the cause. */
export class StepFailure extends Error {
  readonly pipeline: string;
  readonly step: string;

  constructor(pipeline: string, step: string, cause: unknown) {
    super(reasonOf(cause), { cause });
    this.name = 'StepFailure';
    this.pipeline = pipeline;
    this.step = step;
  }
}

/**
 * Runs the steps in order and stops at the first that throws; that one and those before it are undone, last first.
 * @throws StepFailure with the step's name and its error as the cause.
 */
export async function runPipeline<Context>(
  pipeline: string,
  steps: readonly Step<Context>[],
  context: Context,
  onStep: (event: StepEvent) => void = () => {},
): Promise<void> {
  const begun: Step<Context>[] = [];
  for (const step of steps) {
    const started = performance.now();
    begun.unshift(step);
    try {
      await step.run(context);
    } catch (error) {
      onStep({ pipeline, step: step.name, outcome: 'failed', reason: reasonOf(error) });
      await undo(pipeline, begun, context, onStep);
      throw error instanceof StepFailure ? error : new StepFailure(pipeline, step.name, error);
    }
    onStep({ pipeline, step: step.name, outcome: 'done', ms: Math.round(performance.now() - started) });
  }
}

/** An undo that fails keeps none of the others from being tried. */
async function undo<Context>(
  pipeline: string,
  steps: readonly Step<Context>[],
  context: Context,
  onStep: (event: StepEvent) => void,
): Promise<void> {
  for (const step of steps) {
    try {
      await step.undo?.(context);
    } catch (error) {
      onStep({ pipeline, step: step.name, outcome: 'undo-failed', reason: reasonOf(error) });
    }
  }
}

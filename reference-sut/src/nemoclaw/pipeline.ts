/** A named step of a life-cycle command. Names are stable: they are the seams at which a step is wrapped or removed. */
export interface Step<Context> {
  readonly name: string;
  run(context: Context): Promise<void> | void;
}

/** Which step of which pipeline threw; the original error is the cause. */
export class StepFailure extends Error {
  readonly pipeline: string;
  readonly step: string;

  constructor(pipeline: string, step: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'StepFailure';
    this.pipeline = pipeline;
    this.step = step;
  }
}

export interface PipelineOptions {
  /** Told of each step's end, with its duration in ms. */
  readonly onStep?: (pipeline: string, step: string, ms: number) => void;
}

/**
 * Runs the steps of a life-cycle command one after the other and stops at the first that throws.
 * @throws StepFailure with the step's name and its error as the cause.
 */
export async function runPipeline<Context>(
  pipeline: string,
  steps: readonly Step<Context>[],
  context: Context,
  options: PipelineOptions = {},
): Promise<void> {
  for (const step of steps) {
    const started = performance.now();
    try {
      await step.run(context);
    } catch (error) {
      throw error instanceof StepFailure ? error : new StepFailure(pipeline, step.name, error);
    }
    options.onStep?.(pipeline, step.name, Math.round(performance.now() - started));
  }
}

import { runPipeline, type Step, StepFailure } from '../shared/pipeline';
import { log } from './log';

/**
 * Runs the steps of an operation, each with a line in the gateway's log.
 * @throws the error of the step that failed, so that a client reads its status and reason.
 */
export async function runOperation<Context>(
  operation: string,
  steps: readonly Step<Context>[],
  context: Context,
): Promise<void> {
  try {
    await runPipeline(operation, steps, context, (event) => {
      const { step } = event;
      if (event.outcome === 'done') log('step', { operation, step, ms: event.ms });
      else if (event.outcome === 'failed') log('step failed', { operation, step, reason: event.reason });
      else log('undo failed', { operation, step, reason: event.reason });
    });
  } catch (error) {
    throw error instanceof StepFailure ? error.cause : error;
  }
}

import { ENDING_SIGNALS } from '../signals';
import { UserError } from '../user-error';

/** The user interrupted; what a command then says is its exit status 130. */
export class InterruptedByUser extends UserError {
  constructor() {
    super('interrupted', 130);
  }
}

/**
 * Runs the action of a command: a problem becomes one message on stderr and its exit status; a signal to end aborts the one
 * given to the action, whose end is awaited, and exits with 130. Anything else is a defect of ours and keeps its stack.
 */
export async function runAction(name: string, action: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new InterruptedByUser());
  for (const signal of ENDING_SIGNALS) process.on(signal, interrupt);
  try {
    await action(interruption.signal);
  } catch (error) {
    const problem = interruption.signal.aborted ? new InterruptedByUser() : error;
    if (!(problem instanceof UserError)) throw error;
    process.stderr.write(`phase9 ${name}: ${problem.message}\n`);
    process.exitCode = problem.exitStatus;
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, interrupt);
  }
}

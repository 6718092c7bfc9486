import { ENDING_SIGNALS } from '../signals';
import { UserError } from '../user-error';

/** The user interrupted the command; its exit status is 130. */
export class Interrupted extends UserError {
  constructor() {
    super('interrupted', 130);
  }
}

/**
 * Runs the action of a command: a UserError becomes one message on stderr and its exit status; a signal to end aborts the one
 * given to the action, whose end is awaited, and the exit status is 130. Any other error is a defect of ours and keeps its stack.
 */
export async function runAction(name: string, action: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(new Interrupted());
  for (const signal of ENDING_SIGNALS) process.on(signal, interrupt);
  try {
    await action(interruption.signal);
  } catch (error) {
    const problem = interruption.signal.aborted ? new Interrupted() : error;
    if (!(problem instanceof UserError)) throw error;
    process.stderr.write(`phase9 ${name}: ${problem.message}\n`);
    process.exitCode = problem.exitStatus;
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, interrupt);
  }
}

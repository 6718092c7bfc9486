import { setMaxListeners } from 'node:events';
import { ENDING_SIGNALS, outliveReader } from '../signals';

/** Why the run ends early. */
export class RunInterrupted extends Error {
  override readonly name = 'RunInterrupted';
}

const controller = new AbortController();
// One listener for each command under way: far more than Node expects of one signal, and all are taken off again.
setMaxListeners(0, controller.signal);

/** Aborts when the run is to end: every command under way is killed, everything is restored, nothing new is staged. */
export const interruption: AbortSignal = controller.signal;

export function interrupt(reason: string): void {
  if (!controller.signal.aborted) controller.abort(new RunInterrupted(`interrupted: ${reason}`));
}

let watching = false;

/**
 * Takes a signal to end as what it is: the scenario under way ends through its After hook, which puts everything
 * back. A worker whose coordinator is gone does the same, and must not die of writing to it.
 */
export function watchForInterruption(): void {
  if (watching) return;
  watching = true;
  outliveReader();
  for (const signal of ENDING_SIGNALS) process.on(signal, () => interrupt(signal));
  if (process.send) {
    process.on('disconnect', () => {
      process.send = () => false;
      interrupt('the coordinator is gone');
      if (!scenarioUnderWay) process.exit(1);
    });
  }
}

let scenarioUnderWay = false;

/** Notes whether a scenario still has things to restore; with the coordinator gone, the process ends with its last scenario. */
export function scenarioIs(state: 'under way' | 'over'): void {
  scenarioUnderWay = state === 'under way';
  if (state === 'over' && process.send && !process.connected) process.exit(1);
}

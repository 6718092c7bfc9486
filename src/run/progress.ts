import type { Envelope, Pickle } from '@cucumber/messages';
import { seconds } from '../sut/until';
import { colour } from './colour';

/** A shorter step is not worth a line. */
const WORTH_A_LINE = seconds(1);

/** Prints the scenario under way and its long steps, as Cucumber's messages come in. */
export class Progress {
  readonly #pickles = new Map<string, Pickle>();
  readonly #cases = new Map<string, { readonly pickle: string; readonly steps: Map<string, string> }>();
  readonly #started = new Map<string, string>();

  constructor(private readonly print: (line: string) => void) {}

  take({ pickle, testCase, testCaseStarted, testStepFinished, testCaseFinished }: Envelope): void {
    if (pickle) this.#pickles.set(pickle.id, pickle);
    if (testCase) {
      const steps = new Map(
        testCase.testSteps.flatMap((step) => (step.pickleStepId ? [[step.id, step.pickleStepId] as const] : [])),
      );
      this.#cases.set(testCase.id, { pickle: testCase.pickleId, steps });
    }
    if (testCaseStarted) {
      this.#started.set(testCaseStarted.id, testCaseStarted.testCaseId);
      const found = this.#pickle(testCaseStarted.id);
      if (found) this.print(colour.bold(`${found.uri}: ${found.name}`));
    }
    if (testStepFinished) {
      const { duration } = testStepFinished.testStepResult;
      const ms = duration.seconds * 1000 + duration.nanos / 1e6;
      if (ms >= WORTH_A_LINE) {
        const text = this.#stepText(testStepFinished.testCaseStartedId, testStepFinished.testStepId);
        this.print(colour.dim(`  ${(ms / 1000).toFixed(1).padStart(5)} s  ${text}`));
      }
    }
    if (testCaseFinished) this.#started.delete(testCaseFinished.testCaseStartedId);
  }

  #pickle(startedId: string): Pickle | undefined {
    return this.#pickles.get(this.#cases.get(this.#started.get(startedId) ?? '')?.pickle ?? '');
  }

  #stepText(startedId: string, stepId: string): string {
    const pickleStep = this.#cases.get(this.#started.get(startedId) ?? '')?.steps.get(stepId);
    return this.#pickle(startedId)?.steps.find(({ id }) => id === pickleStep)?.text ?? 'begin or end of the scenario';
  }
}

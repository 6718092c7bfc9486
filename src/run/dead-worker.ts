import { type Envelope, TestStepResultStatus } from '@cucumber/messages';
import { watchWorkers } from '../world/cucumber-internals';

interface Unfinished {
  readonly started: string;
  readonly steps: readonly string[];
  readonly finished: Set<string>;
}

/**
 * Ends, in the messages, the scenario of a worker that was killed: its formatters would otherwise fail over results that never
 * came, and the run would end without its evidence. The other workers get what Cucumber kept back because of it.
 */
export class DeadWorkers {
  readonly #steps = new Map<string, readonly string[]>();
  readonly #unfinished = new Map<string, Unfinished>();

  /** Listens to the messages of the run. */
  take({ testCase, testCaseStarted, testStepFinished, testCaseFinished }: Envelope): void {
    if (testCase) {
      this.#steps.set(
        testCase.id,
        testCase.testSteps.map(({ id }) => id),
      );
    }
    if (testCaseStarted) {
      const steps = this.#steps.get(testCaseStarted.testCaseId) ?? [];
      this.#unfinished.set(testCaseStarted.testCaseId, { started: testCaseStarted.id, steps, finished: new Set() });
    }
    const ended = testStepFinished ?? testCaseFinished;
    if (!ended) return;
    for (const [testCaseId, { started, finished }] of this.#unfinished) {
      if (started !== ended.testCaseStartedId) continue;
      if (testStepFinished) finished.add(testStepFinished.testStepId);
      else this.#unfinished.delete(testCaseId);
    }
  }

  /** From now on a worker that dies is noticed. */
  watch(): void {
    watchWorkers((testCase) => this.#lastWords(testCase));
  }

  /** The messages that the worker would still have sent: the step under way failed, the others did not run. */
  #lastWords(testCase: string): Envelope[] {
    const unfinished = this.#unfinished.get(testCase);
    if (!unfinished) return [];
    const { started, steps, finished } = unfinished;
    const now = Date.now();
    const timestamp = { seconds: Math.floor(now / 1000), nanos: (now % 1000) * 1e6 };
    const results = steps
      .filter((id) => !finished.has(id))
      .map((testStepId, index) => ({
        testStepFinished: {
          testCaseStartedId: started,
          testStepId,
          testStepResult: {
            duration: { seconds: 0, nanos: 0 },
            ...(index === 0
              ? { status: TestStepResultStatus.FAILED, message: 'the worker that ran this scenario died' }
              : { status: TestStepResultStatus.SKIPPED }),
          },
          timestamp,
        },
      }));
    return [...results, { testCaseFinished: { testCaseStartedId: started, timestamp, willBeRetried: false } }];
  }
}

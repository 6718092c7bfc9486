import type { EventEmitter } from 'node:events';
import { type Envelope, TestStepResultStatus } from '@cucumber/messages';

/** What Cucumber's parallel runtime keeps of its workers; not public, so a test holds it to the pinned version. */
interface Adapter {
  readonly eventBroadcaster: EventEmitter;
  readonly workers: Record<string, { readonly id: string; readonly state: number }>;
  readonly inProgress: Record<string, { readonly testCase: { readonly id: string } } | undefined>;
  onWorkerProcessClose(exitCode: number | null): void;
  giveWork(worker: { readonly id: string; readonly state: number }): void;
}

const IDLE = 0;
const CLOSED = 1;

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
    const { ChildProcessAdapter } = require('@cucumber/cucumber/lib/runtime/parallel/adapter') as {
      ChildProcessAdapter: { prototype: Adapter };
    };
    const { onWorkerProcessClose } = ChildProcessAdapter.prototype;
    const close = (adapter: Adapter) => this.#close(adapter);
    ChildProcessAdapter.prototype.onWorkerProcessClose = function (this: Adapter, exitCode) {
      close(this);
      onWorkerProcessClose.call(this, exitCode);
    };
  }

  #close(adapter: Adapter): void {
    const workers = Object.values(adapter.workers);
    for (const { id } of workers.filter(({ state }) => state === CLOSED)) {
      const testCase = adapter.inProgress[id]?.testCase.id;
      if (testCase === undefined) continue;
      delete adapter.inProgress[id];
      for (const envelope of this.#lastWords(testCase)) adapter.eventBroadcaster.emit('envelope', envelope);
      for (const idle of workers.filter(({ state }) => state === IDLE)) adapter.giveWork(idle);
    }
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

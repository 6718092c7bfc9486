import type { EventEmitter } from 'node:events';
import { supportCodeLibraryBuilder } from '@cucumber/cucumber';
import type { ParameterTypeRegistry } from '@cucumber/cucumber-expressions';
import type { Envelope } from '@cucumber/messages';

/**
 * Everything that this suite takes from inside Cucumber, which has no interface for it. An upgrade of Cucumber starts here: tests
 * compare each part with what the installed version does.
 */
export const CHECKED_WITH = '12.9.0';

/** A step definition as Cucumber's builder keeps it: what was given to `Given`, `When` and `Then`. */
export interface BuiltStep {
  readonly code: unknown;
  readonly pattern: string | RegExp;
  readonly uri: string;
  readonly line: number;
}

/** Cucumber gives hooks no access to the step definitions: they are read off its builder. */
export function builtSteps(): { readonly steps: readonly BuiltStep[]; readonly parameterTypes: ParameterTypeRegistry } {
  const { stepDefinitionConfigs, parameterTypeRegistry } = supportCodeLibraryBuilder as unknown as {
    readonly stepDefinitionConfigs: readonly BuiltStep[];
    readonly parameterTypeRegistry: ParameterTypeRegistry;
  };
  return { steps: stepDefinitionConfigs, parameterTypes: parameterTypeRegistry };
}

interface Worker {
  readonly id: string;
  readonly state: number;
}

/** What Cucumber's parallel runtime keeps of its workers. */
interface Adapter {
  readonly eventBroadcaster: EventEmitter;
  readonly workers: Record<string, Worker>;
  readonly inProgress: Record<string, { readonly testCase: { readonly id: string } } | undefined>;
  onWorkerProcessClose(exitCode: number | null): void;
  giveWork(worker: Worker): void;
}

const IDLE = 0;
const CLOSED = 1;

/**
 * Notices workers that die in the middle of a scenario, before Cucumber does. `lastWords` gives the messages that such a worker
 * would still have sent; the other workers get what Cucumber kept back because of it.
 * @param lastWords called with the ID of the test case that was under way
 */
export function watchWorkers(lastWords: (testCase: string) => readonly Envelope[]): void {
  const { ChildProcessAdapter } = require('@cucumber/cucumber/lib/runtime/parallel/adapter') as {
    readonly ChildProcessAdapter: { readonly prototype: Adapter };
  };
  const { onWorkerProcessClose } = ChildProcessAdapter.prototype;
  ChildProcessAdapter.prototype.onWorkerProcessClose = function (this: Adapter, exitCode) {
    const workers = Object.values(this.workers);
    for (const { id } of workers.filter(({ state }) => state === CLOSED)) {
      const testCase = this.inProgress[id]?.testCase.id;
      if (testCase === undefined) continue;
      delete this.inProgress[id];
      for (const envelope of lastWords(testCase)) this.eventBroadcaster.emit('envelope', envelope);
      for (const idle of workers.filter(({ state }) => state === IDLE)) this.giveWork(idle);
    }
    onWorkerProcessClose.call(this, exitCode);
  };
}

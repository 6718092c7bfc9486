import { type Envelope, TestStepResultStatus } from '@cucumber/messages';

const HARMLESS: readonly string[] = [TestStepResultStatus.PASSED, TestStepResultStatus.SKIPPED];

/** What failed in a run as Cucumber sees it: an undefined step or a hook leaves no record of ours. */
export class CucumberFailures {
  readonly #locations = new Map<string, string>();
  readonly #cases = new Map<string, string>();
  readonly #started = new Map<string, string>();
  readonly #failed = new Set<string>();

  /** Listens to the messages of the run. */
  take({ pickle, testCase, testCaseStarted, testStepFinished, testRunHookFinished, testRunFinished }: Envelope): void {
    if (pickle) this.#locations.set(pickle.id, `${pickle.uri}:${pickle.location?.line ?? 0}`);
    if (testCase) this.#cases.set(testCase.id, testCase.pickleId);
    if (testCaseStarted) this.#started.set(testCaseStarted.id, testCaseStarted.testCaseId);
    if (testStepFinished && !HARMLESS.includes(testStepFinished.testStepResult.status)) {
      const pickleId = this.#cases.get(this.#started.get(testStepFinished.testCaseStartedId) ?? '') ?? '';
      this.#failed.add(this.#locations.get(pickleId) ?? 'a scenario without a place');
    }
    if (testRunHookFinished && !HARMLESS.includes(testRunHookFinished.result.status))
      this.#failed.add('a hook of the run');
    if (testRunFinished && !testRunFinished.success && this.#failed.size === 0) this.#failed.add('the run');
  }

  /** `file:line` of every scenario that failed, and a word for what else did. */
  get failed(): readonly string[] {
    return [...this.#failed];
  }
}

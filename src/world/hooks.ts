import {
  After,
  Before,
  BeforeStep,
  setDefaultTimeout,
  setParallelCanAssign,
  setWorldConstructor,
} from '@cucumber/cucumber';
import type { Pickle } from '@cucumber/messages';
import { interruption, scenarioIs, watchForInterruption } from './interruption';
import { scenarioSteps } from './scenario-steps';
import { tearDown } from './scenario-teardown';
import { agentOf } from './tags';
import { Phase9World, type ScenarioPlace } from './world';

setWorldConstructor(Phase9World);
// Every action has its own bound, which ends the action; Cucumber's would only stop waiting for it.
setDefaultTimeout(-1);
watchForInterruption();

/** Tags of things that one machine has once. Locks guard them, too: Cucumber assigns anyway when every worker idles. */
const exclusive = ['@engine'];
setParallelCanAssign((candidate, running) =>
  exclusive.every(
    (tag) =>
      !candidate.tags.some(({ name }) => name === tag) ||
      !running.some((pickle) => pickle.tags.some(({ name }) => name === tag)),
  ),
);

/** A scenario outline's pickle stands at its line of examples, as in the run's plan. */
function placeOf(pickle: Pickle): ScenarioPlace {
  const { name, uri, location, tags } = pickle;
  return { name, agent: agentOf(tags), location: `${uri}:${location?.line ?? 0}`, steps: scenarioSteps(pickle) };
}

Before({ name: 'an isolated place' }, async function (this: Phase9World, { pickle }) {
  scenarioIs('under way');
  await this.begin(placeOf(pickle));
});

BeforeStep(function (this: Phase9World, { pickle, pickleStep }) {
  const step = this.own.place.steps[pickle.steps.findIndex(({ id }) => id === pickleStep.id)];
  if (step) this.step = step;
});

After({ name: 'verdicts, then everything restored' }, async function (this: Phase9World) {
  try {
    if (this.begun) await tearDown(this, interruption);
  } finally {
    await this.cleanUp('after-restore');
    scenarioIs('over');
  }
});

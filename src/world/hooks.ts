import {
  After,
  Before,
  BeforeStep,
  setDefaultTimeout,
  setParallelCanAssign,
  setWorldConstructor,
} from '@cucumber/cucumber';
import type { Pickle } from '@cucumber/messages';
import { conclude } from './conclusion';
import { interruption, scenarioIs, watchForInterruption } from './interruption';
import { stepFor } from './step-registry';
import { agentOf } from './tags';
import { Phase9World, type ScenarioPlace } from './world';

setWorldConstructor(Phase9World);
// Every action has a bound of its own, which ends the action; Cucumber's would only stop waiting for it.
setDefaultTimeout(-1);
watchForInterruption();

/** Tags of things that one machine has once. The locks hold it too: Cucumber assigns anyway when every worker idles. */
const exclusive = ['@engine'];
setParallelCanAssign((candidate, running) =>
  exclusive.every(
    (tag) =>
      !candidate.tags.some(({ name }) => name === tag) ||
      !running.some((pickle) => pickle.tags.some(({ name }) => name === tag)),
  ),
);

/** A scenario outline's pickle stands at its line of examples, as in the run's plan. */
function placeOf({ name, uri, location, tags, steps }: Pickle): ScenarioPlace {
  return {
    name,
    agent: agentOf(tags),
    tags,
    location: `${uri}:${location?.line ?? 0}`,
    steps: steps.map(({ text }) => text),
  };
}

Before({ name: 'a place of its own' }, async function (this: Phase9World, { pickle }) {
  scenarioIs('under way');
  await this.begin(placeOf(pickle));
});

BeforeStep(function (this: Phase9World, { pickle, pickleStep }) {
  this.step = pickleStep.text;
  const index = pickle.steps.findIndex(({ id }) => id === pickleStep.id);
  this.moreActionsToCome = () =>
    pickle.steps.slice(index + 1).some(({ text }) => stepFor(text)?.step.meaning.kind === 'action');
});

After({ name: 'verdicts, then everything put back' }, async function (this: Phase9World) {
  try {
    if (this.begun) await conclude(this, interruption);
  } finally {
    await this.releaseAll();
    scenarioIs('over');
  }
});

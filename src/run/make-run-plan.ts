import type { IFilterablePickle } from '@cucumber/cucumber/api';
import type { RunPlan } from '../evidence/run-plan';
import { readSettings } from '../settings';
import { suiteFiles } from '../spec/suite-files';
import { identityOf } from '../sut/identity';
import type { Profile } from '../sut/profile';
import { scenarioSteps } from '../world/scenario-steps';
import { agentOf } from '../world/tags';

/** What the run called `run` is to do: the assertions that `pickles` make, on the SUT and by the suite as they are now. */
export async function makeRunPlan(
  run: string,
  profile: Profile,
  pickles: readonly IFilterablePickle[],
): Promise<RunPlan> {
  return {
    run,
    producer: readSettings().producer,
    startedAt: new Date().toISOString(),
    profile: profile.name,
    sut: await identityOf(profile),
    scenarios: pickles.map(({ pickle, location }) => ({
      location: `${pickle.uri}:${location.line}`,
      name: pickle.name,
      agent: agentOf(pickle.tags) ?? null,
      assertions: scenarioSteps(pickle).flatMap(({ text, makes }) =>
        makes.map(({ entry, variant }) => ({ id: entry.id, variant, step: text })),
      ),
    })),
    configuration: [...suiteFiles()],
  };
}

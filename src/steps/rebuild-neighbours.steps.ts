import { Given, Then, When } from '@cucumber/cucumber';
import {
  allCounted,
  defaultKept,
  failureCounted,
  neighboursUntouched,
  ownChoicesKept,
  resumedAsChosen,
} from '../checks/rebuild-neighbours';
import {
  backUpEverySandbox,
  backUpWithOneBlocked,
  exportNeighboursChoices,
  noteNeighbours,
  stageDefaultNeighbour,
  stageStoppedNeighbour,
} from '../staging/rebuild-neighbours';
import { action, assertion } from '../world/step-registry';

Given(
  'a stopped OpenClaw sandbox {string} beside it, with a model of its own and no preset, whose onboarding was resumed',
  action((world, role: string) => stageStoppedNeighbour(world, role)),
);

Given(
  'a running Hermes sandbox {string} beside it, with a model of its own, which is the default',
  action((world, role: string) => stageDefaultNeighbour(world, role)),
);

Given(
  "the owner's environment still names the Hermes sandbox, its agent and its model",
  action(exportNeighboursChoices),
);

Given('the auditor notes how the other sandboxes are', action(noteNeighbours));

When('the owner backs up all sandboxes', action(backUpEverySandbox));

When(
  "the owner backs up all sandboxes, and the Hermes sandbox's backup cannot be written",
  action(backUpWithOneBlocked),
);

Then(
  'the rebuilt sandbox has its own agent, model and inference, and not those of another one',
  assertion('rebuild.neighbours.own-choices-kept', ownChoicesKept),
);

Then(
  'the other sandboxes have the container, policy, registry entry and files of before',
  assertion('rebuild.neighbours.untouched', neighboursUntouched),
);

Then(
  'the resumed onboarding left its sandbox as it was, with no preset',
  assertion('onboarding.resume.keeps-choices', resumedAsChosen),
);

Then('the default sandbox is the one of before', assertion('rebuild.neighbours.default-kept', defaultKept));

Then(
  'each sandbox is counted as backed up or skipped, as it was',
  assertion('rebuild.neighbours.backup-all-counts', allCounted),
);

Then(
  'the failed backup is counted and reported as a failure, and the others are made',
  assertion('rebuild.neighbours.backup-all-fails', failureCounted),
);

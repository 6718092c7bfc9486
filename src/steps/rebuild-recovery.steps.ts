import { Then, When } from '@cucumber/cucumber';
import {
  backupHasAll,
  lostIsBroughtBack,
  madeAnewWithItsState,
  secondRebuildFinishes,
  tellsTheWayBack,
  wayBackWorks,
} from '../checks/rebuild-recovery';
import { sameRegistryEntry } from '../checks/sandbox';
import { loseContainer, rebuildWhatIsLost } from '../staging/lost-container';
import { rebuild } from '../staging/rebuild';
import { goWayBack, interruptRebuild, makeAnew } from '../staging/rebuild-recovery';
import type { BreakName } from '../staging/rebuild-recovery-breaks';
import { action, assertion } from '../world/step-registry';

When(
  '{break} ends the rebuild of the sandbox',
  action((world, name: BreakName) => interruptRebuild(world, name)),
);

Then(
  'the backup from before {break} has everything',
  assertion('rebuild.recovery.backup-complete', (a, world, _name: BreakName) => backupHasAll(a, world)),
);

Then(
  'the owner reads the way back from {break}',
  assertion('rebuild.recovery.owner-told', (a, world, name: BreakName) => tellsTheWayBack(a, world, name)),
);

When(
  'the owner goes the way back from {break}',
  action((world, name: BreakName) => goWayBack(world, name)),
);

Then(
  '{break} has cost the owner nothing in the end',
  assertion('rebuild.recovery.command-works', (a, world, name: BreakName) => wayBackWorks(a, world, name)),
);

When(
  'the owner rebuilds the sandbox again',
  action((world) => rebuild(world)),
);

Then(
  'the second rebuild ends what the first one began',
  assertion('rebuild.recovery.converges', secondRebuildFinishes),
);

When('the owner onboards the sandbox once more, to be made anew', action(makeAnew));

Then(
  "the owner's files are in the sandbox that was made anew",
  assertion('onboarding.recreate.keeps-state', madeAnewWithItsState),
);

When(
  "the sandbox's container is removed by hand, and the owner asks for its status and connects",
  action(loseContainer),
);

Then(
  'the registry still has the entry of the lost sandbox',
  assertion('rebuild.lifecycle.entry-survives-lost-container', sameRegistryEntry),
);

When('the owner rebuilds the lost sandbox, and goes the way back', action(rebuildWhatIsLost));

Then(
  'the lost sandbox is back, with what its newest backup had',
  assertion('rebuild.lifecycle.lost-container-way-back', lostIsBroughtBack),
);

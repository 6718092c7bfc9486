import { Given, Then, When } from '@cucumber/cucumber';
import {
  checkListsStopped,
  checkListsUnknown,
  checksChangeNothing,
  checkTellsTruth,
  exactlyStaleIsUpgraded,
} from '../checks/upgrade-truth';
import {
  checkWithoutVersions,
  checkWithStopped,
  checkWithWrongRegistry,
  stageStaleBeside,
  upgradeAll,
} from '../staging/upgrade-truth';
import { action, assertion } from '../world/step-registry';

Given(
  'another sandbox {string} is made from the old image',
  action((world, called: string) => stageStaleBeside(world, called)),
);

When('the operator checks while the registry has the two versions the wrong way round', action(checkWithWrongRegistry));

When('the operator checks while the registry names no version', action(checkWithoutVersions));

When('the current sandbox is stopped, and the operator checks while the registry is wrong', action(checkWithStopped));

When('the operator upgrades every stale sandbox', action(upgradeAll));

Then('the check finds the old sandbox stale, and no other', assertion('upgrade.truth.check', checkTellsTruth));

Then(
  'the check finds the old sandbox stale, or lists it apart as unknown',
  assertion('upgrade.truth.check-unknown', checkListsUnknown),
);

Then(
  'the check lists the stopped sandbox apart as unknown',
  assertion('upgrade.truth.check-stopped', checkListsStopped),
);

Then(
  'the checks change neither registry nor session nor sandboxes',
  assertion('upgrade.truth.check-changes-nothing', checksChangeNothing),
);

Then(
  'the old sandbox runs the expected agent in a new container, and the other one was left alone',
  assertion('upgrade.truth.upgrades-exactly-the-stale', exactlyStaleIsUpgraded),
);

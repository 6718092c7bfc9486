import { Then, When } from '@cucumber/cucumber';
import {
  connectTellsTruth,
  listTellsTruth,
  questionsChangeNothing,
  rebuildTellsTruth,
  statusTellsTruth,
} from '../checks/sandbox-truth';
import { askWhileRegistered, askWhileStopped, type Registered } from '../staging/sandbox-truth';
import { action, assertion } from '../world/step-registry';

When(
  'the owner asks about the sandbox while the registry names {registered}',
  action((world, registered: Registered) => askWhileRegistered(world, registered)),
);

When('the owner stops the sandbox and asks about it while the registry names another version', action(askWhileStopped));

Then(
  'every status names the version inside, or admits that it is not known',
  assertion('rebuild.truth.status', statusTellsTruth),
);

Then('only a stale agent makes connecting advise a rebuild', assertion('rebuild.truth.connect', connectTellsTruth));

Then('no list claims another version than the one inside', assertion('rebuild.truth.list', listTellsTruth));

Then(
  'the questions change neither registry nor session nor sandbox',
  assertion('rebuild.truth.reading-changes-nothing', questionsChangeNothing),
);

Then(
  'the rebuild names the version that ran inside as the current one, or admits that it does not know it',
  assertion('rebuild.truth.rebuild', rebuildTellsTruth),
);

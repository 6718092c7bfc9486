import { Then, When } from '@cucumber/cucumber';
import {
  checkChangesNothing,
  checkReportsStale,
  checkReportsUpToDate,
  rebuildsAndIsReady,
} from '../checks/upgrade-stale-sandbox';
import { checkForStale } from '../staging/upgrade-stale-sandbox';
import { action, assertion } from '../world/step-registry';

When('the operator checks for stale sandboxes', action(checkForStale));

Then(
  'the check names the sandbox with its old and its expected version',
  assertion('upgrade.stale.check-reports-stale', checkReportsStale),
);

Then(
  'the check changes neither registry nor sandbox',
  assertion('upgrade.stale.check-is-read-only', checkChangesNothing),
);

Then('the rebuild succeeds and the sandbox is ready', assertion('upgrade.stale.rebuilds', rebuildsAndIsReady));

Then(
  'the check reports that everything is up to date',
  assertion('upgrade.stale.check-reports-up-to-date', checkReportsUpToDate),
);

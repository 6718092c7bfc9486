import { Given, Then, When } from '@cucumber/cucumber';
import {
  connectNamesRebuild,
  refusesStopped,
  refusesWithoutBackup,
  refusesWithoutCredential,
  statusNamesRebuild,
  statusShowsVersion,
} from '../checks/rebuild-lifecycle';
import { registeredWithVersionInside } from '../checks/sandbox';
import { askForStatus, backUpAll, connect, stopSandbox } from '../staging/rebuild';
import { rebuildWithoutCredential, rebuildWithoutPlace } from '../staging/rebuild-unsafe';
import { action, assertion } from '../world/step-registry';

Given('the owner has backed up all sandboxes', action(backUpAll));

Given('the sandbox is stopped', action(stopSandbox));

When('the owner rebuilds the sandbox while the directory for backups cannot be written', action(rebuildWithoutPlace));

When("the owner rebuilds the sandbox without the provider's credential", action(rebuildWithoutCredential));

When("the owner asks for the sandbox's status", action(askForStatus));

When('the owner connects to the sandbox', action(connect));

Then("the status shows the agent's version", assertion('rebuild.lifecycle.status-shows-version', statusShowsVersion));

Then(
  'the status advises a rebuild to the version that NemoClaw expects',
  assertion('rebuild.lifecycle.status-warns-stale', statusNamesRebuild),
);

Then(
  'the owner reads how to rebuild the stale sandbox',
  assertion('rebuild.lifecycle.connect-warns-stale', connectNamesRebuild),
);

Then(
  'the registry names the version that runs inside the sandbox, and no longer {string}',
  assertion('rebuild.lifecycle.registry-version-updated', registeredWithVersionInside),
);

Then(
  'the rebuild is refused because the sandbox is not running, and changes nothing',
  assertion('rebuild.lifecycle.aborts-when-not-running', refusesStopped),
);

Then(
  'the rebuild is refused, and the sandbox still runs with its marker file',
  assertion('rebuild.lifecycle.aborts-when-backup-fails', refusesWithoutBackup),
);

Then(
  'the rebuild is refused, names the missing credential, and deletes nothing',
  assertion('rebuild.lifecycle.credential-preflight', refusesWithoutCredential),
);

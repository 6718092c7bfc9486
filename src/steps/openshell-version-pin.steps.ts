import { Given, Then } from '@cucumber/cucumber';
import { installerSucceeds } from '../checks/openshell-installer';
import {
  ignoresTooNewRelease,
  pinnedHelpersAreInstalled,
  pinnedOpenshellIsInstalled,
  requestsPinnedReleaseOnly,
} from '../checks/openshell-version-pin';
import { stageMachine } from '../staging/openshell-installer';
import { LINUX, neededPrograms } from '../staging/openshell-releases';
import { action, assertion } from '../world/step-registry';

Given(
  'a Linux machine whose OpenShell and helpers are newer than NemoClaw supports',
  action((world) => stageMachine(world, LINUX, 'tooNew', neededPrograms(LINUX))),
);

Given(
  'the operator is signed in to the release host',
  action((world) => world.get('machine').signIn()),
);

Then('the OpenShell installer succeeds', assertion('installer.pin.completes', installerSucceeds));

Then(
  'the installer requests the pinned release and no other',
  assertion('installer.pin.downloads-pinned', requestsPinnedReleaseOnly),
);

Then(
  'the installer never requests the release that is too new',
  assertion('installer.pin.ignores-too-new', ignoresTooNewRelease),
);

Then(
  'the OpenShell in the same place is the pinned one',
  assertion('installer.pin.replaces-binary', pinnedOpenshellIsInstalled),
);

Then(
  'the helpers beside it are those of the pinned release',
  assertion('installer.pin.replaces-helpers', pinnedHelpersAreInstalled),
);

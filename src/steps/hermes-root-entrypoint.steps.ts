import { Given, Then, When } from '@cucumber/cucumber';
import {
  configurationIsLoaded,
  configurationIsProtected,
  isHealthy,
  launchIsReported,
  noOtherGatewayIsReported,
  pidFileIsRegular,
  plantedLinkIsGone,
  removalIsReported,
  requiredDirectoriesAreWritable,
  runsUnprivileged,
  stateDirectoryIsShared,
} from '../checks/hermes-root-entrypoint';
import {
  buildHermesImage,
  stageCleanContainer,
  stageOldContainer,
  stagePlantedLink,
  startHermes,
} from '../staging/hermes-root-entrypoint';
import { action, assertion } from '../world/step-registry';

Given('an image of a Hermes sandbox, built from what NemoClaw ships', action(buildHermesImage));

Given('a container of that image, as it was built', action(stageCleanContainer));

Given('a container of that image, with what an older release left behind', action(stageOldContainer));

Given('a container of that image, whose old PID file links to a file of root elsewhere', action(stagePlantedLink));

When('the container starts as root, through its own entry point', action(startHermes));

Then('Hermes is healthy', assertion('hermes.root.health-ok', isHealthy));

Then(
  'its gateway runs as the user made for it, without privileges',
  assertion('hermes.root.gateway-unprivileged', runsUnprivileged),
);

Then(
  'the start log reports that the gateway was launched as that user',
  assertion('hermes.root.privilege-separation-logged', launchIsReported),
);

Then(
  "the gateway's log reports no other running gateway",
  assertion('hermes.root.no-pid-race', noOtherGatewayIsReported),
);

Then('the gateway loads its configuration', assertion('hermes.root.config-loads', configurationIsLoaded));

Then(
  "members of one group share the state directory, and cannot delete each other's files",
  assertion('hermes.root.config-root-mode', stateDirectoryIsShared),
);

Then(
  'every directory that Hermes needs exists, and the gateway can write to it',
  assertion('hermes.root.required-dirs', requiredDirectoriesAreWritable),
);

Then('the PID file is a regular file, not a link', assertion('hermes.root.pid-file-regular', pidFileIsRegular));

Then(
  'the gateway cannot remove its configuration',
  assertion('hermes.root.config-protected', configurationIsProtected),
);

Then(
  'the start log reports that the stale link was removed',
  assertion('hermes.root.legacy-pid-migrated', removalIsReported),
);

Then(
  "the link is gone, and root's file is unchanged",
  assertion('hermes.root.symlink-attack-refused', plantedLinkIsGone),
);

import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
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
  isHealthyAfterEach,
  leftLinksWereNotFollowed,
  recordsAreCurrent,
  runningOneIsRespected,
} from '../checks/hermes-root-entrypoint-restart';
import {
  buildHermesImage,
  stageCleanContainer,
  stageOldContainer,
  stagePlantedLink,
  startHermes,
} from '../staging/hermes-root-entrypoint';
import { killAndLeave, killAndStartAgain, startBeside } from '../staging/hermes-root-entrypoint-restart';
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
  'the gateway can neither change nor remove its configuration',
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

When(
  'the container is killed and started again, {int} times',
  action((world, times: number) => killAndStartAgain(world, times)),
);

When(
  'the container is killed and started again, each time with one of these where PID file and lock were:',
  action((world, table: DataTable) => killAndLeave(world, table.hashes())),
);

When('somebody starts its entry point once more, beside the running one', action(startBeside));

Then('Hermes is healthy after each kill', assertion('hermes.root.restart-healthy', isHealthyAfterEach));

Then(
  'PID file and lock name the running gateway after each kill',
  assertion('hermes.root.restart-records-current', recordsAreCurrent),
);

Then('Hermes is healthy after each of these', assertion('hermes.root.restart-leftovers', isHealthyAfterEach));

Then(
  'no file of root that a link led to is changed',
  assertion('hermes.root.restart-target-untouched', leftLinksWereNotFollowed),
);

Then(
  'the gateway that runs is the same, healthy, and keeps its PID file and its lock',
  assertion('hermes.root.restart-live-kept', runningOneIsRespected),
);

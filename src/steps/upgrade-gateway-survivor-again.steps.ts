import { Then, When } from '@cucumber/cucumber';
import {
  everyAgentCompletesTurn,
  everyAgentIsHealthy,
  restartLosesNothing,
} from '../checks/upgrade-gateway-survivor-at-work';
import { killChangesNothing, killKeepsAll, upgradeComesToItsEnd } from '../checks/upgrade-gateway-survivor-kills';
import { missingOpenshellLosesNothing, otherProgramIsLeftAlone } from '../checks/upgrade-gateway-survivor-openshell';
import { endUpgrade, type KillName, killInstaller } from '../staging/upgrade-gateway-survivor-kills';
import { upgradeBehindOtherProgram, upgradeWithoutOpenshell } from '../staging/upgrade-gateway-survivor-openshell';
import { restartGateway } from '../staging/upgrade-gateway-survivor-restart';
import { action, assertion } from '../world/step-registry';

Then(
  'the agent of every sandbox reports that it is healthy',
  assertion('upgrade.gateway.agent-healthy', everyAgentIsHealthy),
);

Then(
  'the agent of every sandbox answers its owner with what the staged endpoint says',
  assertion('upgrade.gateway.turn-works', everyAgentCompletesTurn),
);

When('the current gateway is stopped and started again', action(restartGateway));

Then(
  'every sandbox runs on in its container, and is registered as before',
  assertion('upgrade.gateway.restart-loses-nothing', restartLosesNothing),
);

When('the operator consents to the upgrade, and the old command line is gone', action(upgradeWithoutOpenshell));

Then(
  'the installer without a command line loses no sandbox',
  assertion('upgrade.gateway.missing-openshell-loses-nothing', missingOpenshellLosesNothing),
);

When(
  "the operator consents to the upgrade, and another program of the command line's name is found first",
  action(upgradeBehindOtherProgram),
);

Then(
  'the installer leaves the other program alone, and loses no sandbox',
  assertion('upgrade.gateway.other-program-left-alone', otherProgramIsLeftAlone),
);

When(
  '{kill} ends the upgrade',
  action((world, name: KillName) => killInstaller(world, name)),
);

Then(
  'the old release still runs as before the kill',
  assertion('upgrade.gateway.kill-in-backup-changes-nothing', killChangesNothing),
);

Then(
  '{kill} has cost neither a registration nor a backup',
  assertion('upgrade.gateway.kill-keeps-registry-and-backups', (a, world, name: KillName) =>
    killKeepsAll(a, world, name),
  ),
);

When('the operator runs the current installer once more, to its end', action(endUpgrade));

Then(
  'the upgrade comes to its end, and has cost nothing',
  assertion('upgrade.gateway.killed-upgrade-ends', upgradeComesToItsEnd),
);

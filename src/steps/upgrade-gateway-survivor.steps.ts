import { Given, Then, When } from '@cucumber/cucumber';
import { markerInNewContainer } from '../checks/marker';
import { ready } from '../checks/sandbox';
import {
  agentAnswers,
  agentIsActive,
  agentIsConfigured,
  backedUpBeforeReplacement,
  commandLineIs,
  currentGatewayRuns,
  oldSourceIsInstalled,
  refusesWithoutConsent,
  registeredAndListed,
  sandboxAnswers,
  sandboxIsUnderOldGateway,
  upgradeWasAccepted,
} from '../checks/upgrade-gateway-survivor';
import { stageInstallerRefs } from '../staging/installer-refs';
import {
  findSurvivor,
  installOldRelease,
  stageHeartbeat,
  upgradeWithConsent,
  upgradeWithoutConsent,
} from '../staging/upgrade-gateway-survivor';
import { action, assertion } from '../world/step-registry';

Given('an old and the current release that installers find', action(stageInstallerRefs));

Given(
  'the old release was installed with a sandbox {string} from the manifest {string}',
  action((world, sandbox: string, manifest: string) => installOldRelease(world, manifest, sandbox)),
);

Given(
  'the command line in use is the old one',
  assertion('upgrade.gateway.old-cli-selected', (a, world) => commandLineIs(a, world, 'old')),
);

Given('the installed source is the old release', assertion('upgrade.gateway.old-ref-installed', oldSourceIsInstalled));

Given('the old gateway runs in a container and manages the sandbox', action(findSurvivor));

Given(
  'the sandbox is registered and ready under the old gateway',
  assertion('upgrade.gateway.survivor-registered-before', sandboxIsUnderOldGateway),
);

Given('a heartbeat lasts as long as the agent runs in the sandbox', action(stageHeartbeat));

Given(
  'the agent is alive and its heartbeat continues',
  assertion('upgrade.gateway.survivor-active-before', agentIsActive),
);

When('the operator runs the current installer without consenting to the upgrade', action(upgradeWithoutConsent));

Then(
  'the installer refuses, names the manual commands, and changes nothing',
  assertion('upgrade.gateway.refuses-without-consent', refusesWithoutConsent),
);

When('the operator runs the current installer and consents to the upgrade', action(upgradeWithConsent));

Then(
  'the installer reports that the upgrade was accepted',
  assertion('upgrade.gateway.upgrade-accepted', upgradeWasAccepted),
);

Then(
  'a complete backup of the sandbox was made before the old gateway stopped',
  assertion('upgrade.gateway.backup-before-replace', backedUpBeforeReplacement),
);

Then(
  'the command line in use is the current one',
  assertion('upgrade.gateway.cli-version-current', (a, world) => commandLineIs(a, world, 'current')),
);

Then(
  'the running gateway is the current one',
  assertion(
    { 'AQ-051': 'upgrade.gateway.server-version-current', 'AQ-052': 'suite.upgrade.gateway_version_upgraded' },
    currentGatewayRuns,
  ),
);

Then('the sandbox is ready under the current gateway', assertion('upgrade.gateway.survivor-ready-after', ready));

Then(
  'the sandbox was recreated with the marker file that its owner wrote',
  assertion('upgrade.gateway.marker-restored', markerInNewContainer),
);

Then(
  'the agent in the sandbox is installed and configured',
  assertion('upgrade.gateway.agent-configured', agentIsConfigured),
);

Then(
  'registry and list still name the sandbox',
  assertion(
    { 'AQ-051': 'upgrade.gateway.registry-retained', 'AQ-052': 'suite.upgrade.sandbox_registry_preserved' },
    registeredAndListed,
  ),
);

Then(
  'the sandbox executes commands, and the staged endpoint answers its inference',
  assertion('upgrade.gateway.survivor-reachable', sandboxAnswers),
);

Then('the agent in the sandbox is reachable', assertion('suite.upgrade.survivor_agent_reachable', agentAnswers));

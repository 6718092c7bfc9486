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
  registeredAndListed,
  sandboxAnswers,
  sandboxIsUnderOldGateway,
  upgradeWasAccepted,
} from '../checks/upgrade-gateway-survivor';
import {
  defaultIsKept,
  everyAgentIsCurrent,
  everySandboxSurvives,
  presetSurvives,
  refusesAndChangesNothing,
  refusesWithoutConsent,
  registryEntriesAsBefore,
  secondRunChangesNothing,
  stoppedSandboxIsKept,
  upgradeSucceeds,
} from '../checks/upgrade-gateway-survivor-runs';
import { stageInstallerRefs } from '../staging/installer-refs';
import { findSurvivor, installOldRelease, stageHeartbeat } from '../staging/upgrade-gateway-survivor';
import {
  installAgain,
  stageSecondSurvivor,
  stageSurvivorsExtras,
  upgradeWithConsent,
  upgradeWithOneStopped,
  upgradeWithoutBackup,
  upgradeWithoutConsent,
  upgradeWithoutConsentOffPath,
} from '../staging/upgrade-gateway-survivor-runs';
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

Given(
  'a second sandbox {string} under the old gateway, with a policy preset and a marker file of its own',
  action(stageSecondSurvivor),
);

Given(
  "the registry entry of every sandbox contains a policy tier, a reasoning effort and settings of the owner's own",
  action(stageSurvivorsExtras),
);

When(
  'the operator runs the current installer where the old commands are not on the search path',
  action(upgradeWithoutConsentOffPath),
);

Then(
  'the installer still finds the old release, refuses, and changes nothing',
  assertion(
    'upgrade.gateway.finds-old-release-off-path',
    async (a, world) => void (await refusesAndChangesNothing(a, world)),
  ),
);

When('the operator consents to the upgrade, and no backup can be written', action(upgradeWithoutBackup));

Then(
  'the installer stops before the old gateway goes, and changes nothing',
  assertion(
    'upgrade.gateway.stops-without-backup',
    async (a, world) => void (await refusesAndChangesNothing(a, world)),
  ),
);

When('the operator consents to the upgrade while the second sandbox is stopped', action(upgradeWithOneStopped));

Then(
  'the installer loses no sandbox: it changes nothing, or brings every sandbox over',
  assertion('upgrade.gateway.stopped-sandbox-kept', stoppedSandboxIsKept),
);

When('the operator runs the current installer again', action(installAgain));

Then(
  'the installer succeeds, and every sandbox runs on as before',
  assertion('upgrade.gateway.second-run-changes-nothing', secondRunChangesNothing),
);

Then('the installer reports success', assertion('upgrade.gateway.succeeds', upgradeSucceeds));

Then(
  'every sandbox is ready in a new container, with its marker file',
  assertion('upgrade.gateway.every-sandbox-survives', everySandboxSurvives),
);

Then(
  'every sandbox runs the agent of the current release',
  assertion('upgrade.gateway.agent-current', everyAgentIsCurrent),
);

Then(
  'the registry has every sandbox as it was before, field by field',
  assertion('upgrade.gateway.registry-entries-as-before', registryEntriesAsBefore),
);

Then(
  'the preset that the owner of the second sandbox applied is registered, and open in the live policy',
  assertion('upgrade.gateway.preset-survives', presetSurvives),
);

Then('the default sandbox is the same as before', assertion('upgrade.gateway.default-kept', defaultIsKept));

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

import { Given, Then, When } from '@cucumber/cucumber';
import { rebuildCompletes } from '../checks/rebuild';
import { oldContainerIsGone, registeredWithVersionInside, runsVersion } from '../checks/sandbox';
import { rebuild } from '../staging/rebuild';
import { action, assertion, restored } from '../world/step-registry';

When(
  'the owner rebuilds the sandbox',
  action((world) => rebuild(world)),
);

Given(
  'the sandbox runs the old agent',
  assertion({ 'AQ-050': 'rebuild.{agent}.old-version-live', 'AQ-051': 'upgrade.stale.old-version-live' }, (a, world) =>
    runsVersion(a, world, 'oldVersion', 'expectedVersion'),
  ),
);

Then('the rebuild succeeds', assertion('rebuild.{agent}.completes', rebuildCompletes));

Then(
  'the sandbox runs the agent that NemoClaw expects',
  assertion(
    {
      'AQ-050': 'rebuild.{agent}.agent-version-changed',
      'AQ-051': 'upgrade.stale.agent-version-changed',
      'AQ-052': 'suite.rebuild.agent_version_upgraded',
    },
    (a, world) => runsVersion(a, world, 'expectedVersion', 'oldVersion'),
  ),
);

Then(
  'the sandbox runs the expected agent, not the one of the cached image',
  assertion('rebuild.hermes.stale-base-refreshed', (a, world) =>
    runsVersion(a, world, 'expectedVersion', 'oldVersion'),
  ),
);

Then(
  'the registry names the version that runs inside the sandbox',
  assertion('rebuild.{agent}.registry-version-updated', (a, world) =>
    registeredWithVersionInside(a, world, world.get('oldVersion')),
  ),
);

Then(
  'after the scenario, the blueprint is unchanged',
  restored('rebuild.openclaw.blueprint-restored', 'blueprint-min-version'),
);

Then('nothing is left of the old container', assertion('rebuild.{agent}.old-container-gone', oldContainerIsGone));

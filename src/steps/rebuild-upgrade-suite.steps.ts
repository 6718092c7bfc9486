import { Then } from '@cucumber/cucumber';
import { expectation } from '../checks/expectation';
import { completionIsAnswered, modelsAreListed } from '../checks/inference';
import { inAnotherContainer, markerAsWritten } from '../checks/marker';
import { discordAsBefore } from '../checks/messaging';
import { lacking, liveOpensPresets, newestManifest } from '../checks/policy';
import { assertion } from '../world/step-registry';

Then(
  'the suite finds the workspace state preserved',
  assertion('suite.rebuild.workspace_state_preserved', async (a, world) => {
    await markerAsWritten(a, world);
    await inAnotherContainer(a, world);
  }),
);

Then(
  'the suite finds the agent version upgraded',
  assertion('suite.rebuild.agent_version_upgraded', async (a, world) => {
    const expected = expectation('the expected version', world.get('expectedVersion'));
    const old = expectation('the old version', world.get('oldVersion'));
    const version = a.see(await world.sandbox().agentVersion());
    a.equals('version inside the sandbox', version, expected);
    a.that('the old version', version, `not ${old}`, version !== old);
  }),
);

Then(
  'the suite finds inference working',
  assertion('suite.rebuild.inference_still_works', async (a, world) => {
    await modelsAreListed(a, world);
    await completionIsAnswered(a, world);
  }),
);

Then(
  'the suite finds the policy presets preserved in registry, live policy and backup manifest',
  assertion('suite.rebuild.policy_presets_preserved', async (a, world) => {
    const presets = expectation('the presets of the manifest', world.get('presets'));
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    a.isEmpty('presets that the registry lacks', lacking(entry?.policies ?? [], presets), 'none');
    await liveOpensPresets(a, world);
    a.isEmpty(
      'presets that the backup manifest lacks',
      lacking(newestManifest(a, world).policyPresets ?? [], presets),
      'none',
    );
  }),
);

Then(
  "the suite finds Hermes' configuration preserved, where there is one",
  assertion('suite.rebuild.hermes_config_preserved', async (a, world) => {
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    // In the registry no agent means OpenClaw.
    if (entry && !entry.agent) {
      a.notApplicable('the sandbox runs OpenClaw, which has no Hermes configuration');
      return;
    }
    await discordAsBefore(a, world);
  }),
);

import { Given } from '@cucumber/cucumber';
import { noteInstance } from '../staging/instance-before';
import { stageOldBaseImage } from '../staging/old-base-image';
import { stageRegisteredOldSandbox, stageRegisteredVersion } from '../staging/old-sandbox';
import { onboard } from '../staging/onboarding';
import { stageMarker, stageMarkerAndCredentials, stageMessaging } from '../staging/owner-state';
import {
  applyPresets,
  applyPresetsAndChannels,
  applyPresetsAndCustomPolicy,
  changePastNemoclaw,
} from '../staging/policies';
import { stageRegistryExtras } from '../staging/registry-session';
import { stageStaleBase } from '../staging/stale-base';
import { action } from '../world/step-registry';

Given(
  'a sandbox {string} that was onboarded from the manifest {string}',
  action((world, sandbox: string, manifest: string) => onboard(world, manifest, sandbox)),
);

Given('a base image of an agent older than the one NemoClaw expects', action(stageOldBaseImage));

Given(
  'the sandbox is made from that image and registered with its version',
  action((world) => stageRegisteredOldSandbox(world)),
);

Given(
  'the sandbox is made from that image and registered with version {string}',
  action((world, version: string) => stageRegisteredOldSandbox(world, version)),
);

Given(
  'the sandbox is registered with version {string}',
  action((world, version: string) => stageRegisteredVersion(world, version)),
);

Given('the owner keeps a marker file in the sandbox', action(stageMarker));

Given('the owner keeps a marker file and credentials in the sandbox', action(stageMarkerAndCredentials));

Given("the owner configures the sandbox for the manifest's messaging channels", action(stageMessaging));

Given(
  "the owner applies the manifest's policy presets to the sandbox",
  action((world) => applyPresets(world)),
);

Given(
  "the owner applies the manifest's policy presets and a custom policy to the sandbox",
  action(applyPresetsAndCustomPolicy),
);

Given("NemoClaw's cached base image is the old one", action(stageStaleBase));

Given(
  'the owner applies the presets of the manifest and of its messaging channels to the sandbox',
  action(applyPresetsAndChannels),
);

Given(
  "the sandbox's registry entry contains a policy tier, a reasoning effort and settings of the owner's own",
  action(stageRegistryExtras),
);

Given('the auditor notes how the sandbox is set up', action(noteInstance));

Given(
  'the owner allows one more host in the live policy, and closes another one, past NemoClaw',
  action(changePastNemoclaw),
);

import { Given, Then } from '@cucumber/cucumber';
import {
  backupManifestListsPresets,
  closedStaysClosed,
  customPolicyEverywhere,
  egressIsEnforced,
  gatewayPolicyKept,
  livePolicyOpensPresets,
  presetsEverywhere,
  registryListsPresets,
} from '../checks/policy';
import { assertion } from '../world/step-registry';

Given(
  'the live policy allows what the presets name',
  assertion(
    { 'AQ-050': 'rebuild.openclaw.presets-live-before', 'AQ-052': 'suite.rebuild.presets_live_before' },
    livePolicyOpensPresets,
  ),
);

Then(
  'the live policy still allows what the presets name',
  assertion('rebuild.openclaw.policy-in-live-gateway', livePolicyOpensPresets),
);

Then('the registry still lists the presets', assertion('rebuild.openclaw.policy-in-registry', registryListsPresets));

Then(
  "the newest backup's manifest lists the presets",
  assertion('rebuild.openclaw.policy-in-backup-manifest', backupManifestListsPresets),
);

Then(
  'registry, live policy and backup manifest still contain the presets',
  assertion('suite.rebuild.policy_presets_preserved', presetsEverywhere),
);

Then(
  'registry, live policy and backup manifest contain the custom policy unchanged',
  assertion('rebuild.openclaw.custom-policy-preserved', customPolicyEverywhere),
);

Then(
  'the sandbox reaches what a preset allows, and is refused everything else',
  assertion('rebuild.openclaw.policy-enforced', egressIsEnforced),
);

Then(
  'the live policy still allows what its owner allowed past NemoClaw',
  assertion('rebuild.openclaw.gateway-policy-preserved', gatewayPolicyKept),
);

Then(
  'the live policy still lacks what its owner closed past NemoClaw',
  assertion('rebuild.openclaw.closed-entry-stays-closed', closedStaysClosed),
);

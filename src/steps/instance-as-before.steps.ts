import { Then } from '@cucumber/cucumber';
import {
  attachmentsAsBefore,
  confinementAsBefore,
  credentialsStayOutside,
  networkPolicyAsBefore,
  presetsExactly,
  registryEntryAsBefore,
  registryExtrasKept,
  sessionAsBefore,
} from '../checks/instance-as-before';
import { assertion } from '../world/step-registry';

Then(
  'the live policy allows the same network access as before, field by field',
  assertion(
    { 'AQ-050': 'rebuild.{agent}.network-policy-as-before', 'AQ-052': 'suite.rebuild.network_policy_as_before' },
    networkPolicyAsBefore,
  ),
);

Then(
  'the live policy confines files, user and kernel access as before',
  assertion('rebuild.{agent}.confinement-as-before', confinementAsBefore),
);

Then(
  "registry, gateway, session and policy list show the owner's presets, and no others",
  assertion({ 'AQ-050': 'rebuild.{agent}.presets-exactly', 'AQ-052': 'suite.rebuild.presets_exactly' }, presetsExactly),
);

Then(
  'the registry entry is as before, apart from what a rebuild renews',
  assertion('rebuild.{agent}.registry-entry-as-before', registryEntryAsBefore),
);

Then(
  "the registry entry still contains the owner's tier, effort and settings",
  assertion('rebuild.{agent}.registry-extras-kept', registryExtrasKept),
);

Then("the session still names the owner's choices", assertion('rebuild.{agent}.session-as-before', sessionAsBefore));

Then(
  'the gateway has the same providers, and the sandbox the same credentials, as before',
  assertion('rebuild.{agent}.attachments-as-before', attachmentsAsBefore),
);

Then(
  'no credential of the gateway has come into the sandbox',
  assertion('rebuild.{agent}.credentials-stay-outside', credentialsStayOutside),
);

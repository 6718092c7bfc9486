import { Given, Then } from '@cucumber/cucumber';
import {
  channelStaysOff,
  discordAsBefore,
  discordIsStaged,
  discordLimitsAsBefore,
  discordTokenIsPlaceholder,
  registryListsChannels,
} from '../checks/messaging';
import { switchChannelOff } from '../staging/switched-off-channel';
import { action, assertion } from '../world/step-registry';

Given(
  "the sandbox's environment file and configuration name Discord",
  assertion('rebuild.hermes.staged-messaging', discordIsStaged),
);

Then(
  'the environment file contains the placeholder for the Discord token',
  assertion('rebuild.hermes.env-placeholder-preserved', discordTokenIsPlaceholder),
);

Then(
  'the environment file limits Discord to the server and the user of before',
  assertion('rebuild.hermes.channel-limits-preserved', discordLimitsAsBefore),
);

Then(
  'the Discord configuration is unchanged, key by key',
  assertion(
    { 'AQ-050': 'rebuild.hermes.platform-config-preserved', 'AQ-052': 'suite.rebuild.hermes_config_preserved' },
    discordAsBefore,
  ),
);

Then(
  'the registry still lists the messaging channels',
  assertion('rebuild.hermes.channels-in-registry', registryListsChannels),
);

Given(
  'the owner switches the messaging channel {word} off',
  action((world, channel: string) => switchChannelOff(world, channel)),
);

Then(
  'the channel stays off: the sandbox gets no token for it, and the registry still has it as set up and switched off',
  assertion('rebuild.hermes.disabled-channel-stays-disabled', channelStaysOff),
);

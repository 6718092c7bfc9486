import { Given, Then } from '@cucumber/cucumber';
import { CONFIG, discordAsBefore, textInside } from '../checks/messaging';
import { lacking } from '../checks/policy';
import type { AssertionContext } from '../evidence/assertion';
import { DISCORD_PLACEHOLDER, discordIn } from '../staging/owner-state';
import { assertion } from '../world/step-registry';
import type { Phase9World } from '../world/world';

const ENVIRONMENT = '/sandbox/.hermes/.env';

/** Every value that the environment file gives the Discord token. */
async function discordTokenLines(a: AssertionContext, world: Phase9World): Promise<string[]> {
  const text = (await textInside(a, world, ENVIRONMENT)) ?? '';
  return text.split('\n').flatMap((line) => /^\s*(?:export\s+)?DISCORD_BOT_TOKEN=(.*)$/.exec(line)?.[1]?.trim() ?? []);
}

Given(
  "Discord stands in the sandbox's environment file and configuration",
  assertion('rebuild.hermes.staged-messaging', async (a, world) => {
    a.equals('DISCORD_BOT_TOKEN in .env', await discordTokenLines(a, world), [DISCORD_PLACEHOLDER]);
    const config = await textInside(a, world, CONFIG);
    const discord = config === undefined ? undefined : discordIn(config);
    a.that('Discord in config.yaml', discord ?? 'not configured', 'configured', discord !== undefined);
  }),
);

Then(
  'the environment file holds the placeholder for the Discord token',
  assertion('rebuild.hermes.env-placeholder-preserved', async (a, world) => {
    a.equals('DISCORD_BOT_TOKEN in .env', await discordTokenLines(a, world), [DISCORD_PLACEHOLDER]);
  }),
);

Then(
  'the configuration of Discord is as it was, key by key',
  assertion('rebuild.hermes.platform-config-preserved', discordAsBefore),
);

Then(
  'the registry still holds the messaging channels',
  assertion('rebuild.hermes.channels-in-registry', (a, world) => {
    const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
    const wanted = world.get('manifest').spec.onboarding.messaging;
    const missing = lacking(entry?.messagingChannels ?? [], wanted);
    a.isEmpty('channels that the registry lacks', missing, `none of ${wanted.join(', ')}`);
  }),
);

import { parse } from 'yaml';
import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { CHANNEL_VARIABLES, DISCORD_PLACEHOLDER, discordIn } from '../staging/owner-state';
import { messagingNoted } from '../staging/switched-off-channel';
import { messagingChannelsOf } from '../sut/durable-documents';
import { settingsDifferences } from '../sut/settings-compared';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';
import { inAnotherContainer } from './sandbox';

const CONFIG = '/sandbox/.hermes/config.yaml';
const ENVIRONMENT = '/sandbox/.hermes/.env';

/** The text of a file inside the sandbox; undefined when there is none. */
async function textInside(a: AssertionContext, world: Phase9World, path: string): Promise<string | undefined> {
  const file = a.see(await world.sandbox().read(path));
  return file.there ? file.bytes.toString('utf8') : undefined;
}

/** What the parsed configuration contains about Discord; words where it contains nothing. */
async function discordInside(a: AssertionContext, world: Phase9World): Promise<unknown> {
  const config = await textInside(a, world, CONFIG);
  return config === undefined ? 'no config.yaml' : (discordIn(config) ?? 'not configured');
}

/** Discord is configured in Hermes' parsed configuration, key by key as it was before the rebuild. */
export async function discordAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  a.equals('Discord in config.yaml', await discordInside(a, world), world.get('platformConfigBefore'));
}

/** The environment file gives the Discord token one value, its placeholder. */
export async function discordTokenIsPlaceholder(a: AssertionContext, world: Phase9World): Promise<void> {
  const text = (await textInside(a, world, ENVIRONMENT)) ?? '';
  a.equals('values of DISCORD_BOT_TOKEN in .env', valuesOf(text, 'DISCORD_BOT_TOKEN'), [DISCORD_PLACEHOLDER]);
}

/** The environment file limits the bot to the server and the user of before. */
export async function discordLimitsAsBefore(a: AssertionContext, world: Phase9World): Promise<void> {
  const text = (await textInside(a, world, ENVIRONMENT)) ?? '';
  const limits = expectation('the variables that limit the bot', Object.entries(CHANNEL_VARIABLES));
  for (const [name, value] of limits) a.equals(`values of ${name} in .env`, valuesOf(text, name), [value]);
}

/** Every value that an environment file gives a variable. */
function valuesOf(text: string, variable: string): string[] {
  const assigned = new RegExp(`^\\s*(?:export\\s+)?${variable}=(.*)$`);
  return text.split('\n').flatMap((line) => assigned.exec(line)?.[1]?.trim() ?? []);
}

/** Both files of the sandbox are configured for Discord. */
export async function discordIsStaged(a: AssertionContext, world: Phase9World): Promise<void> {
  await discordTokenIsPlaceholder(a, world);
  a.equals('Discord in config.yaml', await discordInside(a, world), world.get('platformConfigBefore'));
}

/** The variable with the token of a channel, in the words of the agent and of OpenShell. */
const TOKEN = /^\w*(?:BOT|APP)_TOKEN$/;

/**
 * A channel that its owner had switched off is off in the rebuilt sandbox: no token for it in the environment file or in the environment, no platform
 * of that name enabled in the configuration. The registry says of it what it said before, so that it can be switched on again.
 */
export async function channelStaysOff(a: AssertionContext, world: Phase9World): Promise<void> {
  const { channel, noted } = world.get('switchedOff');
  const ofChannel = (variable: string) => TOKEN.test(variable) && variable.startsWith(channel.toUpperCase());
  const before = world.get('credentialsAttached').filter(ofChannel);
  a.isNotEmpty('the channel’s credentials that were attached when it was set up', before);
  await inAnotherContainer(a, world);
  const attached = a.see(await world.sandbox().attachedCredentials());
  a.isEmpty('the channel’s credentials attached to the sandbox', attached.filter(ofChannel));
  const lines = ((await textInside(a, world, ENVIRONMENT)) ?? '').split('\n');
  const assigned = lines.filter((line) => {
    const [, name = '', value = ''] = /^\s*(?:export\s+)?(\w+)=(.*)$/.exec(line) ?? [];
    return ofChannel(name) && value.trim() !== '';
  });
  a.isEmpty('lines of .env that give the channel a token', assigned);
  const config = configSchema.parse(parse((await textInside(a, world, CONFIG)) ?? '') ?? {});
  a.equals('whether config.yaml enables its platform', config.platforms?.[channel]?.enabled ?? false, false);
  const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  a.isEmpty('what the registry says otherwise of messaging', settingsDifferences(noted, messagingNoted(entry)));
}

const configSchema = z.looseObject({
  platforms: z.record(z.string(), z.looseObject({ enabled: z.unknown() }).nullish()).nullish(),
});

export function registryListsChannels(a: AssertionContext, world: Phase9World): void {
  const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  const wanted = world.get('manifest').spec.onboarding.messaging;
  const channels = entry === null ? [] : messagingChannelsOf(entry, world.profile.release);
  a.hasAll('the messaging channels in the registry', channels, wanted);
}

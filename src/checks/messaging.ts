import type { AssertionContext } from '../evidence/assertion';
import { DISCORD_PLACEHOLDER, discordIn } from '../staging/owner-state';
import { messagingChannelsOf } from '../sut/durable-documents';
import type { Phase9World } from '../world/world';

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
  const assigned = /^\s*(?:export\s+)?DISCORD_BOT_TOKEN=(.*)$/;
  const values = text.split('\n').flatMap((line) => assigned.exec(line)?.[1]?.trim() ?? []);
  a.equals('values of DISCORD_BOT_TOKEN in .env', values, [DISCORD_PLACEHOLDER]);
}

/** Both files of the sandbox are configured for Discord. */
export async function discordIsStaged(a: AssertionContext, world: Phase9World): Promise<void> {
  await discordTokenIsPlaceholder(a, world);
  a.equals('Discord in config.yaml', await discordInside(a, world), world.get('platformConfigBefore'));
}

export function registryListsChannels(a: AssertionContext, world: Phase9World): void {
  const entry = a.see(world.own.durable.registryEntry(world.get('sandbox')));
  const wanted = world.get('manifest').spec.onboarding.messaging;
  const channels = entry === null ? [] : messagingChannelsOf(entry, world.profile.release);
  a.hasAll('the messaging channels in the registry', channels, wanted);
}

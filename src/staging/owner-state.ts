import { randomBytes } from 'node:crypto';
import { parse, stringify } from 'yaml';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';
import { canary } from './canary';
import { stageCredentialForms } from './credential-forms';
import { DISCORD_LIMITS } from './onboarding';
import { OWN_LIMITS } from './owner-settings';

declare module '../world/scenario-state' {
  interface ScenarioState {
    marker: { readonly path: string; readonly bytes: Buffer };
    platformConfigBefore: unknown;
  }
}

/** The placeholder that stands for the Discord token inside a sandbox (contract, “Inside a sandbox”). */
export const DISCORD_PLACEHOLDER = 'openshell:resolve:env:DISCORD_BOT_TOKEN';

/** Variables of the environment file by which Hermes' bot listens on one server, and obeys one user: without them it obeys more. */
export const CHANNEL_VARIABLES = {
  NEMOCLAW_DISCORD_GUILD_IDS: DISCORD_LIMITS.DISCORD_SERVER_ID,
  DISCORD_ALLOWED_USERS: DISCORD_LIMITS.DISCORD_USER_ID,
};

/** What an owner keeps in a sandbox: a marker with bytes that nobody guesses, some of them no text. */
export async function stageMarker(world: Phase9World): Promise<void> {
  const { marker: path } = agentFacts[world.get('agent')];
  const bytes = Buffer.concat([
    Buffer.from(`kept by its owner ${randomBytes(12).toString('hex')}\n`),
    Buffer.from([0, 255, 10, 13]),
  ]);
  await world.sandbox().write(path, bytes);
  world.set({ marker: { path, bytes } });
}

/** Credentials as an agent keeps them in its state. They may live in the sandbox; a backup must not hold them. */
async function stageCredentials(world: Phase9World): Promise<void> {
  for (const path of agentFacts[world.get('agent')].credentialFiles) {
    const secret = canary(world);
    const content = path.endsWith('.env')
      ? `# the owner's own account\nPHASE9_ACCOUNT_TOKEN=${secret}\n`
      : `${JSON.stringify({ version: 1, profiles: { owner: { type: 'token', provider: 'owner', token: secret } } }, null, 2)}\n`;
    await world.sandbox().write(path, content);
  }
}

/** Configures the sandbox for every messaging channel that its manifest names. */
export async function stageMessaging(world: Phase9World): Promise<void> {
  if (world.get('manifest').spec.onboarding.messaging.includes('discord')) await stageDiscord(world);
}

/** A marker and credentials. */
export async function stageMarkerAndCredentials(world: Phase9World): Promise<void> {
  await stageMarker(world);
  await stageCredentials(world);
  await stageCredentialForms(world);
}

/**
 * Hermes on Discord, as the product writes it: the placeholder in .env, a top-level `discord` mapping in config.yaml, here with
 * values that the owner chose.
 */
async function stageDiscord(world: Phase9World): Promise<void> {
  const sandbox = world.sandbox();
  const environment = [
    'API_SERVER_PORT=18642',
    'API_SERVER_HOST=127.0.0.1',
    `DISCORD_BOT_TOKEN=${DISCORD_PLACEHOLDER}`,
    ...Object.entries(CHANNEL_VARIABLES).map(([name, value]) => `${name}=${value}`),
  ];
  await sandbox.write('/sandbox/.hermes/.env', `${environment.join('\n')}\n`);
  const config = {
    model: {
      ...{ default: world.get('endpoint').model, provider: 'custom', base_url: 'https://inference.local/v1' },
      ...OWN_LIMITS,
    },
    discord: {
      require_mention: true,
      free_response_channels: '',
      allowed_channels: '435500000000000000',
      auto_thread: false,
      reactions: true,
      channel_prompts: {},
    },
    platforms: { api_server: { enabled: true } },
  };
  await sandbox.write('/sandbox/.hermes/config.yaml', stringify(config));
  world.set({ platformConfigBefore: discordIn(stringify(config)) });
}

/** What a Hermes config.yaml says of Discord, wherever the release keeps it; undefined when nothing. */
export function discordIn(config: string): unknown {
  const parsed = parse(config) as { discord?: unknown; platforms?: { discord?: unknown } } | null;
  const found = { discord: parsed?.discord, platform: parsed?.platforms?.discord };
  if (found.discord === undefined && found.platform === undefined) return undefined;
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

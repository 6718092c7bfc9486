import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tryDocker } from '../../shared/docker';
import { until } from '../../shared/until';
import { backUp } from '../backup/create';
import { CommandFailure, linesOf } from '../failure';
import { COMPATIBLE } from '../inference';
import { activeChannels, discordBridge } from '../messaging';
import {
  execIn,
  GATEWAY_NAME,
  isRunning,
  lastWords,
  openshell,
  openshellMust,
  providerExists,
  sandboxPhases,
} from '../openshell';
import { sourceRoot } from '../places';
import { relay, say } from '../print';
import { readRegistry } from '../registry';
import { stageBuildContext } from './build-context';
import type { OnboardContext } from './context';

/** An image build and the first start, in ms. On the real product 33 s of build were seen. */
const CREATE_WITHIN = 10 * 60_000;

function buildArguments(context: OnboardContext): Record<string, string> {
  const { manifest, messaging, inference, baseImage } = context;
  const values: Record<string, string> = { NEMOCLAW_MESSAGING_CHANNELS: activeChannels(messaging).join(',') };
  if (baseImage !== undefined) values.BASE_IMAGE = baseImage;
  if (inference !== undefined) values.NEMOCLAW_MODEL = inference.model;
  if (manifest.name === 'openclaw') {
    // A private OpenAI-compatible endpoint may not support the `store` parameter.
    if (inference?.provider === COMPATIBLE) values.NEMOCLAW_MODEL_COMPAT = '{"supportsStore": false}';
  } else {
    values.NEMOCLAW_DISCORD_GUILD_IDS = messaging.config.DISCORD_SERVER_ID ?? '';
    values.NEMOCLAW_DISCORD_ALLOWED_USERS = messaging.config.DISCORD_USER_ID ?? '';
  }
  return values;
}

/** The owner's Dockerfile, else the agent's own with its arguments filled in. */
function imageSource(context: OnboardContext): { dockerfile: string; dispose: () => void } {
  if (context.fromDockerfile === null) return stageBuildContext(context.manifest, buildArguments(context));
  const given = resolve(context.fromDockerfile);
  if (!existsSync(given)) throw new CommandFailure(`There is no Dockerfile ${given}.`);
  const dockerfile = statSync(given).isDirectory() ? join(given, 'Dockerfile') : given;
  return { dockerfile, dispose: () => undefined };
}

async function attachedProviders(context: OnboardContext): Promise<string[]> {
  const providers = context.inference === undefined ? [] : [context.inference.provider];
  if (activeChannels(context.messaging).includes('discord')) {
    const bridge = discordBridge(context.name);
    if (await providerExists(bridge)) providers.push(bridge);
    else say(`  ⚠ The gateway holds no Discord token (provider ${bridge}); Discord stays configured, without one.`);
  }
  return providers;
}

/** The image that the sandbox's container was made from. */
async function imageOf(sandbox: string): Promise<string | null> {
  const label = `label=openshell.ai/sandbox-name=${sandbox}`;
  const list = await tryDocker([
    'ps',
    '-a',
    '--filter',
    label,
    '--format',
    '{{.Label "openshell.ai/gateway-port"}} {{.Image}}',
  ]);
  const port = process.env.NEMOCLAW_GATEWAY_PORT ?? '8080';
  const own = list.stdout.split('\n').find((line) => line.startsWith(`${port} `));
  return own?.split(' ')[1] ?? null;
}

/** To make a sandbox anew is no order to lose what is in it. @throws CommandFailure, before anything is deleted, when it cannot be backed up */
async function keepState(context: OnboardContext): Promise<void> {
  const { name, manifest } = context;
  say(`  Backing up what is in '${name}'...`);
  try {
    context.backup = await backUp({ agent: manifest.name, ...readRegistry().sandboxes[name], name });
  } catch (error) {
    throw new CommandFailure([
      ...linesOf(error),
      'The sandbox was not made anew; it is untouched — no data was lost.',
      `To give up what is in it: nemoclaw ${name} destroy --yes`,
    ]);
  }
  say(`  Backup: ${context.backup.directory}`);
}

/** Creates the sandbox and waits until it runs commands; a Ready one is kept unless a new one was asked for. */
export async function createSandbox(context: OnboardContext): Promise<{ reused: boolean; imageTag: string | null }> {
  const { name, manifest, recreate } = context;
  const phase = (await sandboxPhases()).get(name);
  if (phase !== undefined) {
    if (!recreate && phase === 'Ready' && (await isRunning(name))) {
      say(`  Sandbox '${name}' exists and is Ready; it is kept (NEMOCLAW_RECREATE_SANDBOX=1 makes it anew).`);
      return { reused: true, imageTag: await imageOf(name) };
    }
    if (!recreate) {
      throw new CommandFailure([
        `Sandbox '${name}' exists and is ${phase}, not Ready.`,
        'Set NEMOCLAW_RECREATE_SANDBOX=1 to delete it and make it anew.',
      ]);
    }
    // A rebuild has made its backup before it comes here.
    if (context.rebuilding === null && phase === 'Ready' && (await isRunning(name))) await keepState(context);
    await openshellMust(['sandbox', 'delete', name]);
  }
  const providers = (await attachedProviders(context)).flatMap((provider) => ['--provider', provider]);
  const source = imageSource(context);
  try {
    const result = await openshell(
      [
        ...['sandbox', 'create', '--name', name, '--from', source.dockerfile, '--gateway', GATEWAY_NAME],
        ...providers,
        ...['--policy', join(sourceRoot(), manifest.policy), '--no-tty', '--', 'true'],
      ],
      { within: CREATE_WITHIN },
    );
    if (result.status !== 0) {
      relay(result.stdout.split('\n').slice(-8).join('\n'), 6);
      throw new CommandFailure(`The sandbox could not be created: ${lastWords(result)}`);
    }
  } finally {
    source.dispose();
  }
  await until(
    'the sandbox to run commands',
    async () => ((await execIn(name, ['true'])).status === 0 ? true : undefined),
    {
      withinMs: 60_000,
      everyMs: 200,
    },
  );
  say(`  Sandbox '${name}' is Ready`);
  return { reused: false, imageTag: await imageOf(name) };
}

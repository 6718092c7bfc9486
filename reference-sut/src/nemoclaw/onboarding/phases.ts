import { tryDocker } from '../../shared/docker';
import { sha256 } from '../../shared/sha256';
import { gatewayKind } from '../../shared/version';
import { baseImageVariable } from '../agent-manifest';
import { agentVersionInside, startAgent } from '../agent-process';
import { buildBaseImage, currentBaseImage, inspectBaseImage } from '../base-image';
import { CommandFailure } from '../failure';
import { ensureGateway, gatewayPort } from '../gateway-process';
import { discordBridge } from '../messaging';
import { gatewayStatus, installedOpenshell, openshellMust, providerExists, putProvider } from '../openshell';
import { applyOwnersPolicies } from '../policy/apply';
import { presetNamed } from '../policy/presets';
import { say } from '../print';
import { saveEntry } from '../registry';
import type { SessionStep } from '../session';
import { compareVersions, isBelow } from '../version';
import type { OnboardContext } from './context';
import { createSandbox } from './create-sandbox';

/** A phase as the owner sees it (`[n/8] …`), and the session's step that it completes. */
export interface Phase {
  readonly name: string;
  readonly title: (context: OnboardContext) => string;
  readonly session: SessionStep | null;
  /** The reason to skip it in a resumed onboarding, or undefined. Called when the session has it as done. */
  readonly skip?: (context: OnboardContext) => Promise<string | undefined> | string | undefined;
  readonly run: (context: OnboardContext) => Promise<void>;
}

/** @throws CommandFailure when Docker does not answer, or this release does not support the OpenShell. */
export async function checkMachine(context: Pick<OnboardContext, 'blueprint'>): Promise<void> {
  const engine = await tryDocker(['version', '--format', '{{.Server.Version}}']);
  if (engine.status !== 0) throw new CommandFailure(`Docker does not answer: ${engine.stderr.trim()}`);
  const version = await installedOpenshell();
  const { min_openshell_version: minimum, max_openshell_version: maximum } = context.blueprint;
  if (compareVersions(version, minimum) < 0 || compareVersions(version, maximum) > 0) {
    throw new CommandFailure(`OpenShell ${version} is not supported; ${minimum} to ${maximum} is.`);
  }
  say(`  Docker ${engine.stdout.trim()}, OpenShell ${version}`);
}

async function startGatewayPhase(context: OnboardContext): Promise<void> {
  const started = await ensureGateway();
  context.openshellVersion = (await gatewayStatus()).version;
  say(`  Gateway ${started ? 'started' : 'answers'} on 127.0.0.1:${gatewayPort()}`);
}

/** A resumed onboarding does not trust the session here: the gateway may have ended since. */
async function gatewayStillAnswers(context: OnboardContext): Promise<string | undefined> {
  const status = await gatewayStatus();
  context.openshellVersion = status.version;
  return status.connected ? 'gateway (running)' : undefined;
}

function recordInference(context: OnboardContext): void {
  const { inference, session } = context;
  if (inference === undefined) return;
  session.provider = inference.provider;
  session.model = inference.model;
  session.endpointUrl = inference.endpointUrl;
  session.credentialEnv = inference.credentialEnv;
}

async function setInference(context: OnboardContext): Promise<void> {
  const { inference } = context;
  if (inference === undefined) throw new CommandFailure('No inference provider was chosen.');
  const { provider, type, model, endpointUrl, credentialEnv } = inference;
  const known = await providerExists(provider);
  if (process.env[credentialEnv]) {
    const variable = type === 'nvidia' ? 'NVIDIA_BASE_URL' : 'OPENAI_BASE_URL';
    const config = endpointUrl === null ? {} : { [variable]: endpointUrl };
    await putProvider({ name: provider, type, credentialEnv, config });
  } else if (!known) {
    throw new CommandFailure(`The provider ${provider} has no credential: ${credentialEnv} is not set.`);
  }
  await openshellMust(['inference', 'set', '--provider', provider, '--model', model]);
  say(`  ${provider} / ${model}`);
}

async function setMessaging(context: OnboardContext): Promise<void> {
  const { messaging, name, session } = context;
  session.messagingChannels = [...messaging.channels];
  session.messagingChannelConfig = { ...messaging.config };
  if (!messaging.channels.includes('discord')) {
    say('  No messaging channel');
    return;
  }
  // Without the token in the environment (a rebuild needs none) the gateway keeps using its own copy.
  if (process.env.DISCORD_BOT_TOKEN) {
    await putProvider({ name: discordBridge(name), type: 'discord', credentialEnv: 'DISCORD_BOT_TOKEN', config: {} });
  }
  say(messaging.disabled.includes('discord') ? '  Discord (switched off)' : '  Discord');
}

async function chooseBaseImage(context: OnboardContext): Promise<void> {
  const { manifest } = context;
  if (context.fromDockerfile !== null || context.baseImage !== undefined) return;
  if (!process.env[baseImageVariable(manifest)]) {
    context.baseImage = (await currentBaseImage(manifest, (line) => say(`  ${line}`))).reference;
    return;
  }
  // An owner's base is used as it is; only a rebuild, which promises the current agent, refreshes it.
  const image = (await inspectBaseImage(manifest)) ?? (await buildBaseImage(manifest));
  if (isBelow(image.version, manifest.expected_version)) {
    say(`  Base image ${image.reference} holds v${image.version}; v${manifest.expected_version} is current.`);
  }
  context.baseImage = image.reference;
}

async function makeSandbox(context: OnboardContext): Promise<void> {
  await chooseBaseImage(context);
  const { manifest, messaging, name } = context;
  const created = await createSandbox(context);
  context.reused = created.reused;
  const token = process.env.DISCORD_BOT_TOKEN;
  const hashes = messaging.channels.includes('discord') && token ? { DISCORD_BOT_TOKEN: sha256(token) } : undefined;
  const { rebuilding, inference } = context;
  await saveEntry(name, {
    nimContainer: null,
    gpuEnabled: false,
    policies: [],
    policyTier: null,
    // A rebuild carries its entry over, field by field; the findings of this onboarding override it.
    ...(rebuilding ?? {}),
    ...(created.reused ? {} : { createdAt: new Date().toISOString() }),
    model: inference?.model ?? null,
    provider: inference?.provider ?? null,
    // The session is the last onboarding's: a sandbox that it no longer names is made again from its own entry.
    endpointUrl: inference?.endpointUrl ?? null,
    credentialEnv: inference?.credentialEnv ?? null,
    openshellDriver: gatewayKind === 'container' ? 'cluster' : 'docker',
    openshellVersion: context.openshellVersion ?? null,
    agent: manifest.name === 'openclaw' ? null : manifest.name,
    // The rebuild records the new version itself, once everything is restored.
    agentVersion: rebuilding === null ? await agentVersionInside(name, manifest) : (rebuilding.agentVersion ?? null),
    imageTag: created.imageTag,
    messagingChannels: [...messaging.channels],
    ...(Object.keys(messaging.config).length > 0 ? { messagingChannelConfig: { ...messaging.config } } : {}),
    ...(hashes === undefined
      ? {}
      : { providerCredentialHashes: { ...rebuilding?.providerCredentialHashes, ...hashes } }),
    dashboardPort: rebuilding?.dashboardPort ?? dashboardPort(context),
  });
}

function dashboardPort({ manifest }: OnboardContext): number {
  const text = process.env.NEMOCLAW_DASHBOARD_PORT;
  if (text === undefined || text === '' || manifest.name !== 'openclaw') return manifest.dashboard_port;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port;
  throw new CommandFailure(`NEMOCLAW_DASHBOARD_PORT='${text}' is no port from 1024 to 65535.`);
}

async function setUpAgent(context: OnboardContext): Promise<void> {
  const { name, manifest } = context;
  const other: SessionStep = manifest.name === 'openclaw' ? 'agent_setup' : 'openclaw';
  context.session.steps[other] = { status: 'skipped', startedAt: null, completedAt: null, error: null };
  if (context.rebuilding !== null) {
    say(`  ${manifest.display_name} is started when its state is back`);
    return;
  }
  say(`  ${manifest.display_name}: ${await startAgent(name, manifest)}`);
}

async function applyPolicies(context: OnboardContext): Promise<void> {
  const { name, policies, session } = context;
  for (const preset of policies.presets) presetNamed(preset);
  await applyOwnersPolicies(name, { presets: policies.presets, customPolicies: [], liveOnly: {} });
  session.policyPresets = [...policies.presets];
  await saveEntry(name, { policies: [...policies.presets], policyTier: policies.tier });
  say(policies.presets.length === 0 ? '  None' : `  ${policies.presets.join(', ')}`);
}

/** The eight phases of onboarding, in order. */
export const PHASES: readonly Phase[] = [
  {
    name: 'preflight',
    title: () => 'Preflight checks',
    session: 'preflight',
    skip: () => 'preflight (cached)',
    run: checkMachine,
  },
  {
    name: 'gateway',
    title: () => 'OpenShell gateway',
    session: 'gateway',
    skip: gatewayStillAnswers,
    run: startGatewayPhase,
  },
  {
    name: 'provider-selection',
    title: () => 'Choosing the inference provider',
    session: 'provider_selection',
    skip: ({ inference }) =>
      inference === undefined ? undefined : `provider selection (${inference.provider} / ${inference.model})`,
    run: async (context) => {
      context.inference ??= context.chooseInference();
      recordInference(context);
      say(`  ${context.inference.provider} / ${context.inference.model}`);
    },
  },
  { name: 'inference', title: () => 'Setting up inference', session: 'inference', run: setInference },
  { name: 'messaging', title: () => 'Messaging channels', session: null, run: setMessaging },
  { name: 'sandbox', title: () => 'Creating the sandbox', session: 'sandbox', run: makeSandbox },
  {
    name: 'agent-setup',
    title: ({ manifest }) => `Setting up ${manifest.display_name}`,
    session: null, // `openclaw` or `agent_setup`, as the agent is
    run: setUpAgent,
  },
  {
    name: 'policies',
    title: () => 'Policy presets',
    session: 'policies',
    run: applyPolicies,
  },
];

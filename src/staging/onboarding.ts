import { existsSync, writeFileSync } from 'node:fs';
import { loadManifest, type Manifest } from '../spec/manifest';
import { messagingChannelsOf } from '../sut/durable-documents';
import { trusting } from '../sut/releases/owner-environment';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';
import { canary } from './canary';
import { FakeEndpoint } from './endpoint';
import { hostAddress, registerEngine } from './engine-use';
import { loadPreset } from './presets';
import { Upstream } from './upstream';

declare module '../world/scenario-state' {
  interface ScenarioState {
    manifest: Manifest;
    endpoint: FakeEndpoint;
    upstream: Upstream;
    /** Name of the sandbox in the SUT. */
    sandbox: string;
    presets: readonly string[];
    /** What its owner sets in the environment to onboard it. */
    onboardingEnvironment: Readonly<Record<string, string>>;
  }
}

/** The server on which a Discord bot listens, and the one user whom it obeys, as onboarding is told of them. */
export const DISCORD_LIMITS = { DISCORD_SERVER_ID: '1435500000000000001', DISCORD_USER_ID: '1435500000000000002' };

/** The variable under which the substitute for the manifest's provider gets its credential (contract, “Environment”). */
export const PROVIDER_CREDENTIAL = 'COMPATIBLE_API_KEY';

/**
 * Stages what onboarding the instance of a manifest needs. The one substitution: the provider is a staged
 * OpenAI-compatible endpoint, so that no account is needed.
 * @returns what its owner sets in the environment
 */
export async function prepareOnboarding(
  world: Phase9World,
  manifestName: string,
  sandboxName: string,
): Promise<Record<string, string>> {
  const manifest = loadManifest(manifestName);
  const { agent } = manifest.spec.onboarding;
  if (agent !== world.get('agent')) {
    throw new Error(
      `the manifest ${manifestName} describes an instance of ${agent}; the scenario is tagged @${world.get('agent')}`,
    );
  }
  world.set({ manifest });
  return prepareInstance(world, manifest.spec.onboarding, sandboxName);
}

/** What onboarding needs to know of an instance. */
type Instance = Pick<Manifest['spec']['onboarding'], 'agent' | 'features' | 'messaging'>;

/** Stages what onboarding an instance needs, whether a manifest describes it or not. @returns what its owner sets in the environment */
export async function prepareInstance(
  world: Phase9World,
  { agent, features, messaging }: Instance,
  sandboxName: string,
): Promise<Record<string, string>> {
  await registerEngine(world);
  const host = await hostAddress(world);
  const credential = canary(world);
  const endpoint = new FakeEndpoint(features.model, credential);
  await endpoint.listen(host);
  world.addCleanup('before-restore', () => endpoint.close());
  const { release } = world.profile;
  const sandbox = sandboxNameFor(release.sandboxNames, world.own.isolation.token, sandboxName);
  world.set({ endpoint, sandbox, presets: features.policyPresets });
  world.staged('compatible-endpoint', { url: endpoint.url, model: endpoint.model });
  await stageUpstream(world, host);
  const environment: Record<string, string> = {
    NEMOCLAW_AGENT: agent,
    NEMOCLAW_SANDBOX_NAME: sandbox,
    NEMOCLAW_PROVIDER: 'custom',
    NEMOCLAW_ENDPOINT_URL: endpoint.url,
    NEMOCLAW_MODEL: features.model,
    NEMOCLAW_POLICY_MODE: 'skip',
    [PROVIDER_CREDENTIAL]: credential,
    ...trusting(release, endpoint.url),
  };
  if (messaging.includes('discord'))
    Object.assign(environment, { DISCORD_BOT_TOKEN: canary(world), ...DISCORD_LIMITS });
  // An owner keeps what onboarding asked for: a rebuild may ask for it again. The Discord token is not there again.
  const { NEMOCLAW_PROVIDER, NEMOCLAW_ENDPOINT_URL, NEMOCLAW_MODEL } = environment;
  Object.assign(world.own.environment, {
    NEMOCLAW_PROVIDER,
    NEMOCLAW_ENDPOINT_URL,
    NEMOCLAW_MODEL,
    [PROVIDER_CREDENTIAL]: credential,
    ...trusting(release, endpoint.url),
  });
  return environment;
}

/** Onboards the instance that a manifest describes, as its owner would. */
export async function onboard(world: Phase9World, manifestName: string, sandboxName: string): Promise<void> {
  world.set({ onboardingEnvironment: await prepareOnboarding(world, manifestName, sandboxName) });
  await world.own.cli.must(runOnboarding(world));
  stageInstance(world);
}

/** Runs the onboarding that was prepared, once more too. */
export function runOnboarding(world: Phase9World, more: Readonly<Record<string, string>> = {}) {
  const words = ['onboard', '--non-interactive', '--yes-i-accept-third-party-software', '--agent', world.get('agent')];
  const env = { ...world.get('onboardingEnvironment'), ...more };
  return world.own.cli.nemoclaw(words, { within: world.profile.bounds.onboard, env });
}

/** Shows the instance as registry and session tell of it, so that the audit can compare it with its manifest. */
export function stageInstance(world: Phase9World): void {
  const { durable } = world.own;
  // An onboarding that wrote no registry is for the assertions to tell.
  const entry = existsSync(durable.registryPath) ? durable.registryEntry(world.get('sandbox')).peek() : null;
  const session = durable.session().peek();
  world.staged('instance', {
    manifest: world.get('manifest').metadata.name,
    agent: session.agent ?? entry?.agent ?? 'openclaw',
    provider: session.provider ?? '',
    model: entry?.model ?? '',
    messaging: [...(entry ? messagingChannelsOf(entry, world.profile.release) : [])].sort().join(', '),
  });
}

/** Tells the SUT where the hosts of the manifest's presets are, where it can be told: a listener on this machine. */
async function stageUpstream(world: Phase9World, host: string): Promise<void> {
  if (world.profile.hostsVariable === null) return;
  const upstream = new Upstream();
  const address = await upstream.listen(host);
  world.addCleanup('before-restore', () => upstream.close());
  const hosts = world
    .get('presets')
    .flatMap((name) =>
      Object.values(loadPreset(world.own.tree, name)).flatMap(({ endpoints }) => endpoints.map((one) => one.host)),
    );
  writeFileSync(world.own.isolation.hostsFile, [...new Set(hosts)].map((name) => `${address} ${name}\n`).join(''));
  world.set({ upstream });
}

import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { loadBlueprint } from '../blueprint';
import { CommandFailure } from '../failure';
import { ensureGateway } from '../gateway-process';
import { inferenceOf } from '../inference';
import type { Messaging } from '../messaging';
import { requireConsent } from '../onboarding/consent';
import type { OnboardContext } from '../onboarding/context';
import { runOnboarding } from '../onboarding/run';
import {
  chooseInference,
  chooseMessaging,
  choosePolicies,
  chooseSandbox,
  type PolicyChoice,
  readEnvironment,
} from '../onboarding/settings';
import { presetNamed } from '../policy/presets';
import { say } from '../print';
import { pendingOf } from '../rebuild/pending';
import { recreateSurvivors } from '../rebuild/survivors';
import { changeRegistry, readRegistry } from '../registry';
import { newSession, readSession, type Session, saveSession } from '../session';
import { rebuild } from './rebuild';
import { snapshotRestore } from './snapshot';

export interface OnboardFlags {
  readonly nonInteractive?: boolean;
  readonly yesIAcceptThirdPartySoftware?: boolean;
  readonly yes?: boolean;
  readonly fresh?: boolean;
  readonly resume?: boolean;
  readonly recreateSandbox?: boolean;
  readonly agent?: string;
  readonly from?: string;
}

function sessionToResume(): Session {
  const session = readSession();
  if (session?.sandboxName && session.resumable) return session;
  throw new CommandFailure('There is no onboarding session to resume; run `nemoclaw onboard` without --resume.');
}

function messagingOf(session: Session): Pick<Messaging, 'channels' | 'config'> {
  return { channels: session.messagingChannels ?? [], config: session.messagingChannelConfig ?? {} };
}

/** What the owner chose when the onboarding began, “none” included; undefined where it did not come to that. */
function policiesOf(resumed: Session | undefined, tier: string | undefined): PolicyChoice | undefined {
  const presets = resumed?.policyPresets ?? undefined;
  return presets && { tier: presets.length === 0 ? null : tier || 'balanced', presets };
}

/** Sets gateway, provider, sandbox, agent and policies up. @throws CommandFailure that names the phase and reason. */
export async function onboard(flags: OnboardFlags): Promise<void> {
  const environment = readEnvironment();
  const on = (value: string | undefined): boolean => value === '1';
  const interactive =
    !(flags.nonInteractive || on(environment.NEMOCLAW_NON_INTERACTIVE)) && process.stdin.isTTY === true;
  const accepted = flags.yesIAcceptThirdPartySoftware || on(environment.NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE);
  await requireConsent({ interactive, accepted: accepted === true });

  if (flags.fresh && flags.resume) throw new CommandFailure('--fresh and --resume exclude each other.');
  const resumed = flags.resume ? sessionToResume() : undefined;
  const chosen = chooseSandbox(environment, flags.agent);
  const name = resumed?.sandboxName ?? chosen.name;
  const agent = resumed === undefined ? chosen.agent : agentNamed(resumed.agent);
  const blueprint = loadBlueprint();
  if (!flags.fresh) {
    const recreated = await recreateSurvivors(blueprint);
    if (recreated.includes(name)) return;
    if (pendingOf(readRegistry().sandboxes[name]) !== undefined) {
      await ensureGateway();
      return rebuild(name, { yes: true });
    }
  }
  const messaging: Messaging = {
    ...(resumed === undefined ? chooseMessaging(environment) : messagingOf(resumed)),
    disabled: readRegistry().sandboxes[name]?.disabledChannels ?? [],
  };
  const session = resumed ?? newSession(interactive ? 'interactive' : 'non-interactive');
  const policies =
    policiesOf(resumed, environment.NEMOCLAW_POLICY_TIER) ?? choosePolicies(environment, blueprint, messaging.channels);
  for (const preset of policies.presets) presetNamed(preset);
  const inference = resumed === undefined ? chooseInference(environment, blueprint) : inferenceOf(resumed);

  session.sandboxName = name;
  session.agent = agent === 'openclaw' ? null : agent;
  session.status = 'in_progress';
  session.failure = null;
  session.policyPresets = [...policies.presets];
  session.messagingChannels = [...messaging.channels];
  session.messagingChannelConfig = { ...messaging.config };
  const fromDockerfile = flags.from ?? (resumed === undefined ? null : (session.metadata?.fromDockerfile ?? null));
  session.metadata = { ...session.metadata, gatewayName: 'nemoclaw', fromDockerfile };
  await saveSession(session);
  await changeRegistry(() => undefined); // makes the file, so that a first failure leaves a registry to read

  const context: OnboardContext = {
    name,
    manifest: loadAgentManifest(agent),
    blueprint,
    session,
    resume: resumed !== undefined,
    recreate: flags.recreateSandbox === true || on(environment.NEMOCLAW_RECREATE_SANDBOX),
    fromDockerfile,
    rebuilding: null,
    chooseInference: () => chooseInference(readEnvironment(), blueprint),
    policies,
    inference,
    messaging,
    baseImage: undefined,
    openshellVersion: undefined,
    reused: false,
  };
  await runOnboarding(context);
  if (context.backup !== undefined) await snapshotRestore(name, context.backup.manifest.timestamp);
  say();
  say(`✓ Sandbox '${name}' is set up.`);
  say(`  Connect: nemoclaw ${name} connect`);
}

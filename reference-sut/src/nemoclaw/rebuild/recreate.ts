import { inferenceOf } from '../commands/onboard';
import type { OnboardContext } from '../onboarding/context';
import { runOnboarding } from '../onboarding/run';
import { chooseInference, type InferenceChoice, readEnvironment } from '../onboarding/settings';
import { newSession, type Session, saveSession } from '../session';
import type { RebuildContext } from './context';
import { credentialEnvFor } from './preflight';

/** Provider and model as the sandbox has them: its own session knows most, the registry's entry enough. */
function inferenceFor(context: RebuildContext): InferenceChoice | undefined {
  const { entry, session, name } = context;
  const own = session.sandboxName === name ? inferenceOf(session) : undefined;
  if (own !== undefined) return own;
  if (!entry.provider || !entry.model) return undefined;
  const type = entry.provider === 'nvidia-prod' ? 'nvidia' : 'openai';
  const endpointUrl = entry.provider === 'nvidia-prod' ? context.blueprint.inference.nvidia.endpoint : null;
  const { provider, model } = entry;
  return { provider, type, model, endpointUrl, credentialEnv: credentialEnvFor(context) };
}

/** The session as a resumed onboarding needs it: preflight and gateway are done, all that makes the sandbox is not. */
async function sessionForResume(context: RebuildContext): Promise<Session> {
  const { session, entry, name } = context;
  const blank = newSession('non-interactive');
  const inference = inferenceFor(context);
  const done = { status: 'complete', startedAt: null, completedAt: new Date().toISOString(), error: null };
  const resumed: Session = {
    ...blank,
    ...session,
    status: 'in_progress',
    resumable: true,
    failure: null,
    lastCompletedStep: 'gateway',
    sandboxName: name,
    agent: entry.agent ?? null,
    provider: inference?.provider ?? null,
    model: inference?.model ?? null,
    endpointUrl: inference?.endpointUrl ?? null,
    credentialEnv: inference?.credentialEnv ?? null,
    policyPresets: entry.policies ?? [],
    messagingChannels: entry.messagingChannels ?? [],
    messagingChannelConfig: entry.messagingChannelConfig ?? {},
    steps: { ...blank.steps, preflight: done, gateway: done },
  };
  // Another sandbox's own Dockerfile is not this one's.
  if (session.sandboxName !== name) resumed.metadata = { gatewayName: 'nemoclaw', fromDockerfile: null };
  await saveSession(resumed);
  return resumed;
}

/** Makes the sandbox anew through the onboarding pipeline, resumed behind its gateway phase. */
export async function recreate(context: RebuildContext): Promise<void> {
  const { name, entry, agent, blueprint } = context;
  const session = await sessionForResume(context);
  const onboarding: OnboardContext = {
    name,
    manifest: agent,
    blueprint,
    session,
    resume: true,
    recreate: true,
    fromDockerfile: session.metadata?.fromDockerfile ?? null,
    rebuilding: entry,
    chooseInference: () => chooseInference(readEnvironment(), blueprint),
    policies: { tier: entry.policyTier ?? null, presets: entry.policies ?? [] },
    inference: inferenceFor(context),
    messaging: { channels: entry.messagingChannels ?? [], config: entry.messagingChannelConfig ?? {} },
    baseImage: context.baseImage?.reference,
    openshellVersion: undefined,
    reused: false,
  };
  await runOnboarding(onboarding);
  context.recreated = true;
}

import { type InferenceChoice, inferenceOf, NVIDIA, typeOf } from '../inference';
import type { OnboardContext } from '../onboarding/context';
import { runOnboarding } from '../onboarding/run';
import { chooseInference, readEnvironment } from '../onboarding/settings';
import { newSession, type Session, saveSession } from '../session';
import type { RebuildContext } from './context';
import { credentialEnvFor } from './preflight';

/** Provider and model of the sandbox: from its own session, else from the registry's entry, which has the essentials. */
function inferenceFor(context: RebuildContext): InferenceChoice | undefined {
  const { entry, session, name } = context;
  const own = session.sandboxName === name ? inferenceOf(session) : undefined;
  if (own !== undefined) return own;
  if (!entry.provider || !entry.model) return undefined;
  const endpointUrl =
    entry.endpointUrl ?? (entry.provider === NVIDIA ? context.blueprint.inference.nvidia.endpoint : null);
  const { provider, model } = entry;
  return { provider, type: typeOf(provider), model, endpointUrl, credentialEnv: credentialEnvFor(context) };
}

/** The session as a resumed onboarding needs it: only preflight and gateway are done. */
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

/** Makes the sandbox again with the onboarding pipeline, resumed after its gateway phase. */
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
    messaging: {
      channels: entry.messagingChannels ?? [],
      config: entry.messagingChannelConfig ?? {},
      disabled: entry.disabledChannels ?? [],
    },
    baseImage: context.baseImage?.reference,
    openshellVersion: undefined,
    reused: false,
  };
  await runOnboarding(onboarding);
  context.recreated = true;
}

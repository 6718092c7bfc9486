import type { Blueprint } from './blueprint';
import type { Session } from './session';

/** OpenShell's names for the two providers that onboarding sets up. */
export const NVIDIA = 'nvidia-prod';
export const COMPATIBLE = 'compatible-endpoint';

/** A way to reach a model: OpenShell's provider, and the variable that holds its credential. */
export interface InferenceChoice {
  readonly provider: string;
  readonly type: string;
  readonly model: string;
  readonly endpointUrl: string | null;
  readonly credentialEnv: string;
}

/** OpenShell's type of a provider. */
export function typeOf(provider: string): string {
  return provider === NVIDIA ? 'nvidia' : 'openai';
}

/** The variable that holds the credential of a provider. */
export function credentialEnvOf(provider: string | null | undefined, { inference }: Blueprint): string {
  return provider === NVIDIA ? inference.nvidia.credential_env : inference.compatible.credential_env;
}

/** The provider of a session, for a resumed onboarding; undefined where it has none yet. */
export function inferenceOf(session: Session): InferenceChoice | undefined {
  const { provider, model, credentialEnv, endpointUrl } = session;
  if (!provider || !model || !credentialEnv) return undefined;
  return { provider, type: typeOf(provider), model, credentialEnv, endpointUrl: endpointUrl ?? null };
}

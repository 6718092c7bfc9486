import type { ProviderRecord, SandboxRecord } from '../records';

const placeholder = /openshell:resolve:env:(?:v\d+_)?([A-Za-z_][A-Za-z0-9_]*)/g;

/** The value in a sandbox's environment in place of a credential. */
export function placeholderFor(name: string, revision: number): string {
  return `openshell:resolve:env:v${revision}_${name}`;
}

/** Placeholders for all credentials of the providers that are attached to a sandbox. */
export function placeholdersOf(providers: readonly ProviderRecord[]): Record<string, string> {
  return Object.fromEntries(
    providers.flatMap((provider) =>
      Object.keys(provider.credentials).map((name) => [name, placeholderFor(name, provider.revision)]),
    ),
  );
}

/** Replaces placeholders by their credentials. One that no attached provider knows stays as it is. */
export function resolvePlaceholders(text: string, providers: readonly ProviderRecord[]): string {
  return text.replace(placeholder, (whole, name: string) => {
    const holder = providers.find((provider) => Object.hasOwn(provider.credentials, name));
    return holder?.credentials[name] ?? whole;
  });
}

/** The provider that answers inference.local for a sandbox: its URL, and the headers to present there. */
export interface InferenceRoute {
  readonly provider: string;
  readonly base: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** A setting of a provider that names its base URL: OPENAI_BASE_URL, NVIDIA_BASE_URL, base_url… */
const baseUrlKey = /(^|_)BASE_URL$/i;

export function baseUrlOf(provider: ProviderRecord): string | undefined {
  return Object.entries(provider.config).find(([key]) => baseUrlKey.test(key))?.[1];
}

/**
 * Chooses among the providers attached to `sandbox` the one that serves inference: the one that `preferred` (set with
 * `openshell inference set`) names, else the first that has a base URL. A provider that is not attached never answers.
 */
export function inferenceRoute(
  sandbox: SandboxRecord,
  providers: readonly ProviderRecord[],
  preferred: string | undefined,
): InferenceRoute | undefined {
  const attached = sandbox.providers.flatMap((name) => providers.filter((provider) => provider.name === name));
  const serving = attached.filter((provider) => baseUrlOf(provider) !== undefined);
  const chosen = serving.find((provider) => provider.name === preferred) ?? serving[0];
  const base = chosen && baseUrlOf(chosen);
  if (!chosen || !base) return undefined;
  const credential = Object.values(chosen.credentials)[0];
  const headers: Record<string, string> =
    credential === undefined
      ? {}
      : chosen.type === 'anthropic'
        ? { 'x-api-key': credential }
        : { authorization: `Bearer ${credential}` };
  return { provider: chosen.name, base: new URL(base), headers };
}

/** The path of inference.local's `/v1/…` below a base URL, whether or not that ends in /v1 already. */
export function upstreamPath(base: URL, path: string): string {
  const prefix = base.pathname.replace(/\/+$/, '');
  return prefix.endsWith('/v1') ? `${prefix}${path.replace(/^\/v1/, '')}` : `${prefix}${path}`;
}

import * as z from 'zod';
import { type AgentName, agentNamed } from '../agent-manifest';
import type { Blueprint } from '../blueprint';
import { CommandFailure } from '../failure';
import { COMPATIBLE, type InferenceChoice, NVIDIA, typeOf } from '../inference';
import type { Messaging } from '../messaging';
import { checkSandboxName } from '../names';

const oneLine = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are refused here.
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must hold no control characters')
  .max(256, 'must have at most 256 characters');
const flag = z.enum(['0', '1', '']);
const ids = z.string().regex(/^[0-9]+(?:\s*,\s*[0-9]+)*$|^$/, 'must be numbers, separated by commas');

/** The variables that onboarding reads (sut-contract.md, “Environment that it reads”). */
const EnvironmentSchema = z.object({
  NEMOCLAW_NON_INTERACTIVE: flag.optional(),
  NEMOCLAW_YES: flag.optional(),
  NEMOCLAW_ACCEPT_THIRD_PARTY_SOFTWARE: flag.optional(),
  NEMOCLAW_RECREATE_SANDBOX: flag.optional(),
  NEMOCLAW_SANDBOX_NAME: z.string().optional(),
  NEMOCLAW_AGENT: z.string().optional(),
  NEMOCLAW_PROVIDER: z.enum(['custom', 'build', '']).optional(),
  NEMOCLAW_ENDPOINT_URL: z.union([z.url({ protocol: /^https?$/ }), z.literal('')]).optional(),
  NEMOCLAW_MODEL: oneLine.regex(/^[A-Za-z0-9._:/@+-]*$/, 'must be a model id (letters, digits and ._:/@+-)').optional(),
  NEMOCLAW_POLICY_MODE: z.enum(['skip', 'suggested', 'custom', '']).optional(),
  NEMOCLAW_POLICY_TIER: z.string().optional(),
  NEMOCLAW_POLICY_PRESETS: z.string().optional(),
  DISCORD_SERVER_ID: ids.optional(),
  DISCORD_USER_ID: ids.optional(),
});

type Environment = z.infer<typeof EnvironmentSchema>;

/** @throws CommandFailure with a line for each invalid variable. */
export function readEnvironment(): Environment {
  const parsed = EnvironmentSchema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new CommandFailure(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/i;

function present(...names: string[]): string | undefined {
  return names.find((name) => (process.env[name] ?? '') !== '');
}

/** The provider that the environment chooses. @throws CommandFailure that names the missing variable. */
export function chooseInference(environment: Environment, blueprint: Blueprint): InferenceChoice {
  const kind = environment.NEMOCLAW_PROVIDER || 'build';
  if (kind === 'custom') {
    const { NEMOCLAW_ENDPOINT_URL: endpointUrl, NEMOCLAW_MODEL: model } = environment;
    if (!endpointUrl) throw new CommandFailure('NEMOCLAW_PROVIDER=custom needs NEMOCLAW_ENDPOINT_URL.');
    if (!model) throw new CommandFailure('NEMOCLAW_PROVIDER=custom needs NEMOCLAW_MODEL.');
    if (LOOPBACK.test(new URL(endpointUrl).hostname)) {
      throw new CommandFailure(
        `NEMOCLAW_ENDPOINT_URL=${endpointUrl} is a loopback address; it must be one that containers reach.`,
      );
    }
    const named = blueprint.inference.compatible.credential_env;
    const credentialEnv = present(named, 'NEMOCLAW_PROVIDER_KEY');
    if (credentialEnv === undefined) {
      throw new CommandFailure(`NEMOCLAW_PROVIDER=custom needs ${named} or NEMOCLAW_PROVIDER_KEY.`);
    }
    return { provider: COMPATIBLE, type: typeOf(COMPATIBLE), model, endpointUrl, credentialEnv };
  }
  const { endpoint, default_model, credential_env } = blueprint.inference.nvidia;
  if (!(process.env[credential_env] ?? '').startsWith('nvapi-')) {
    throw new CommandFailure(`NEMOCLAW_PROVIDER=build needs ${credential_env}, a key that starts with nvapi-.`);
  }
  return {
    provider: NVIDIA,
    type: typeOf(NVIDIA),
    model: environment.NEMOCLAW_MODEL || default_model,
    endpointUrl: endpoint,
    credentialEnv: credential_env,
  };
}

export interface PolicyChoice {
  readonly tier: string | null;
  readonly presets: readonly string[];
}

/** Presets to apply: none when skipped, else the named ones, else the tier's. */
export function choosePolicies(
  environment: Environment,
  blueprint: Blueprint,
  channels: readonly string[],
): PolicyChoice {
  if (environment.NEMOCLAW_POLICY_MODE === 'skip') return { tier: null, presets: [] };
  const tier = environment.NEMOCLAW_POLICY_TIER || 'balanced';
  const suggested = blueprint.policy_tiers[tier];
  if (suggested === undefined) {
    throw new CommandFailure(
      `NEMOCLAW_POLICY_TIER='${tier}' is unknown; there are ${Object.keys(blueprint.policy_tiers).join(', ')}.`,
    );
  }
  const named = (environment.NEMOCLAW_POLICY_PRESETS ?? '').split(',').map((name) => name.trim());
  const explicit = named.filter((name) => name !== '');
  if (explicit.length > 0)
    return { tier: environment.NEMOCLAW_POLICY_TIER || 'custom', presets: [...new Set(explicit)] };
  return { tier, presets: [...new Set([...suggested, ...channels])] };
}

/** Messaging channels: a Discord token in the environment sets Discord up. */
export function chooseMessaging(environment: Environment): Pick<Messaging, 'channels' | 'config'> {
  if (present('DISCORD_BOT_TOKEN') === undefined) return { channels: [], config: {} };
  const config: Record<string, string> = {};
  for (const name of ['DISCORD_SERVER_ID', 'DISCORD_USER_ID'] as const) {
    const value = environment[name];
    if (value) config[name] = value;
  }
  return { channels: ['discord'], config };
}

/** Sandbox name and agent: flag first, then environment. */
export function chooseSandbox(
  environment: Environment,
  agentFlag: string | undefined,
): { name: string; agent: AgentName } {
  return {
    name: checkSandboxName(environment.NEMOCLAW_SANDBOX_NAME || 'my-assistant'),
    agent: agentNamed(agentFlag ?? environment.NEMOCLAW_AGENT),
  };
}

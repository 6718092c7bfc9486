/** OpenShell's name for the provider that holds a sandbox's Discord token. */
export function discordBridge(sandbox: string): string {
  return `${sandbox}-discord-bridge`;
}

/** The messaging channels that there are, each with the variables that bring it to life in an agent's environment file. */
export const CHANNELS: Readonly<Record<string, readonly string[]>> = { discord: ['DISCORD_BOT_TOKEN'] };

/** Messaging channels of a sandbox. */
export interface Messaging {
  /** Those that its owner has set up. */
  readonly channels: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  /** Those of them that its owner has switched off: they stay set up, and nothing of them reaches the sandbox. */
  readonly disabled: readonly string[];
}

/** The channels that are on. */
export function activeChannels({ channels, disabled }: Messaging): readonly string[] {
  return channels.filter((channel) => !disabled.includes(channel));
}

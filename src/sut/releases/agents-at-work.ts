/** How an agent is asked inside its sandbox whether it works, as far as its own programs tell. */
export interface AgentAtWork {
  /** Names of the programs that are the agent's process, run by themselves or by their interpreter. */
  readonly programs: readonly string[];
  /** The address at which it answers for its health, and what its answer contains at least. */
  readonly health: { readonly url: string; readonly answer: Readonly<Record<string, unknown>> };
  readonly configurationCheck: ConfigurationCheck;
  /** The command of one turn without a terminal; `{prompt}` stands for what the owner says. */
  readonly turn: readonly string[];
}

/** The agent's own check of its configuration. */
export interface ConfigurationCheck {
  readonly command: readonly string[];
  /** What it prints where it accepts the configuration. */
  readonly accepts: RegExp;
  /** What it prints where it goes on without the configuration, whatever its exit status; null where it never does. */
  readonly ignores: RegExp | null;
}

/** OpenClaw 2026.4.24 to 2026.5.28 do so. A process that has changed its title has no other arguments. */
export const openclawAtWork: AgentAtWork = {
  programs: ['openclaw', 'openclaw.mjs', 'openclaw-gateway'],
  health: { url: 'http://127.0.0.1:18789/health', answer: { ok: true, status: 'live' } },
  configurationCheck: {
    command: ['openclaw', 'config', 'validate', '--json'],
    accepts: /"valid"\s*:\s*true/,
    ignores: null,
  },
  // Through its gateway, as an owner asks: the product refuses the way past it.
  turn: ['openclaw', 'agent', '--agent', 'main', '--timeout', '60', '--message', '{prompt}'],
};

/** What Hermes' gateway answers to a request for its health. */
export const hermesHealth = { status: 'ok', platform: 'hermes-agent' } as const;

/** Hermes 0.13 and 0.14 do so. Its check ends with 0 even where it cannot parse the file. */
export const hermesAtWork: AgentAtWork = {
  programs: ['hermes'],
  health: { url: 'http://127.0.0.1:8642/health', answer: hermesHealth },
  configurationCheck: {
    command: ['hermes', 'config', 'check'],
    accepts: /Config version:\s+\d+/,
    ignores: /Failed to parse|Falling back to default config/,
  },
  turn: ['hermes', '-z', '{prompt}'],
};

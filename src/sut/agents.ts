/** The agents that NemoClaw runs, as far as the contract describes them: and where their state lies. */
export type AgentName = 'openclaw' | 'hermes';

export interface AgentFacts {
  readonly displayName: string;
  /** Its command. */
  readonly program: string;
  /** Its configuration, in the state directory. */
  readonly configuration: string;
  /** Keys that lead to the model in it. */
  readonly modelAt: readonly string[];
  /** Where the agent keeps its state inside a sandbox. */
  readonly stateDirectory: string;
  /** The marker's place: in a state directory that a backup covers (contract, “Inside a sandbox”). */
  readonly marker: string;
  /** What an owner's credentials look like there, and must not reach a backup. */
  readonly credentialFiles: readonly string[];
}

export const agentFacts: Readonly<Record<AgentName, AgentFacts>> = {
  openclaw: {
    displayName: 'OpenClaw',
    program: 'openclaw',
    configuration: 'openclaw.json',
    modelAt: ['agents', 'defaults', 'model', 'primary'],
    stateDirectory: '/sandbox/.openclaw',
    marker: '/sandbox/.openclaw/workspace/rebuild-marker.txt',
    credentialFiles: [
      '/sandbox/.openclaw/agents/main/agent/auth-profiles.json',
      '/sandbox/.openclaw/credentials/oauth.json',
    ],
  },
  hermes: {
    displayName: 'Hermes Agent',
    program: 'hermes',
    configuration: 'config.yaml',
    modelAt: ['model', 'default'],
    stateDirectory: '/sandbox/.hermes',
    marker: '/sandbox/.hermes/memories/rebuild-marker.txt',
    credentialFiles: ['/sandbox/.hermes/platforms/discord/token.json', '/sandbox/.hermes/profiles/work/.env'],
  },
};

import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { agentFacts } from '../sut/agents';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Settings that no image has, as the owner put them into the agent's configuration. */
    ownSettings: Readonly<Record<string, unknown>>;
    /** Lines that no image has, as the owner put them into the agent's environment file. */
    ownLines: readonly string[];
  }
}

const FIXTURE = 'owner-settings';

/** An owner's own settings, in the words of the agent, wherever it has a place for them; each with a value that nobody guesses. */
export async function stageOwnSettings(world: Phase9World): Promise<void> {
  const agent = world.get('agent');
  const { model } = world.get('endpoint');
  const beside = agent === 'openclaw' ? openclawSettings(model) : hermesSettings();
  // Hermes keeps an owner's limits beside the model's name, where they are staged with it.
  const settings = agent === 'openclaw' ? beside : { ...beside, model: OWN_LIMITS };
  world.set({ ownSettings: settings });
  if (agent === 'openclaw') await writeAccepted(world, settings);
  else await appendTo(world, 'config.yaml', stringify(beside));
  await stageOwnLines(world);
  world.staged(FIXTURE, { settings: Object.keys(settings).join(', ') });
}

/** How far an owner lets the model go, where the agent keeps that beside the model's name. */
export const OWN_LIMITS = { context_length: 77_777, max_tokens: 3177 };

const word = () => `kept-${randomBytes(5).toString('hex')}`;

/** Accepted by OpenClaw's own check in the old and in the expected version. */
function openclawSettings(model: string) {
  return {
    agents: {
      defaults: {
        ...{ userTimezone: 'Europe/Vienna', timeoutSeconds: 777, heartbeat: { every: '45m' } },
        models: { [`inference/${model}`]: { alias: word(), params: { temperature: 0.37 } } },
      },
      list: [{ id: 'main', identity: { name: word() } }],
    },
    models: {
      providers: {
        inference: {
          ...{ baseUrl: 'https://inference.local/v1', apiKey: 'unused', api: 'openai-completions' },
          models: [{ id: model, name: `inference/${model}`, contextWindow: 77_777, maxTokens: 3177 }],
        },
        [word()]: { baseUrl: `https://${word()}.test/v1`, api: 'openai-completions', models: [] },
      },
    },
    mcp: { servers: { [word()]: { command: '/usr/bin/env', args: ['cat', word()], env: { NOTES: word() } } } },
    messages: { responsePrefix: word() },
    session: { reset: { mode: 'idle', idleMinutes: 77 } },
    ui: { assistant: { name: word() } },
  };
}

function hermesSettings() {
  return {
    memory: { provider: word(), memory_enabled: true, memory_char_limit: 3177 },
    agent: { max_turns: 77, gateway_timeout: 777 },
    approvals: { timeout: 77 },
    timezone: 'Europe/Vienna',
    quick_commands: { [word()]: { type: 'exec', command: `echo ${word()}` } },
    mcp_servers: { [word()]: { command: '/usr/bin/env', args: ['cat', word()] } },
    [word()]: [word(), { of: word() }],
  };
}

/** @throws when OpenClaw itself does not accept it: then nobody could expect a rebuild to keep it. */
async function writeAccepted(world: Phase9World, settings: unknown): Promise<void> {
  const { stateDirectory, configuration, program } = agentFacts.openclaw;
  const script = 'cat > "$1" && exec "$2" config validate';
  const path = `${stateDirectory}/${configuration}`;
  const call = world.sandbox().exec(['sh', '-c', script, 'write', path, program], JSON.stringify(settings, null, 2));
  await world.own.cli.must(call);
}

/** The lines that an owner adds to the environment file of the agent. */
async function stageOwnLines(world: Phase9World): Promise<void> {
  const lines = [
    `# of the owner: ${word()}`,
    `OWNERS_EDITOR=${word()}`,
    `export OWNERS_SIGNATURE="with ${word()}, as ever"`,
  ];
  await appendTo(world, '.env', `${lines.join('\n')}\n`);
  world.set({ ownLines: lines });
}

async function appendTo(world: Phase9World, file: string, text: string): Promise<void> {
  const path = `${agentFacts[world.get('agent')].stateDirectory}/${file}`;
  await world.own.cli.must(world.sandbox().exec(['sh', '-c', 'cat >> "$1"', 'append', path], text));
}

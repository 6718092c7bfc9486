import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { agentFacts } from '../sut/agents';
import type { OverrideStart } from '../sut/runtime-overrides';
import { type AgentReport, agentReport } from '../sut/runtime-overrides-agent';
import type { Phase9World } from '../world/world';
import { type Overrides, overridesIn, type TableRow } from './runtime-overrides-cases';
import { containerOf, start } from './runtime-overrides-image';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** A start in which the agent lists its models and takes one turn. */
    agentStart: AgentStart;
  }
}

const script = inRepository('fixtures/runtime-overrides/turn.py');
/** Where the script in the sandbox writes what the agent did. */
const report = '/tmp/phase9-turn.json';

/** What an agent did that was started with overrides. */
export interface AgentStart {
  readonly overrides: Overrides;
  readonly start: OverrideStart;
  readonly report: Observation<AgentReport>;
  /** What the endpoint answered. */
  readonly answer: string;
}

/** Starts the image with the overrides of a table, and lets its agent list its models and take one turn. */
export async function startAgentWith(world: Phase9World, rows: readonly TableRow[]): Promise<void> {
  const overrides = overridesIn(rows);
  const answer = `phase9-${randomBytes(6).toString('hex')}`;
  const { stateDirectory, configuration } = agentFacts.openclaw;
  const file = path.posix.join(stateDirectory, configuration);
  const command = ['python3', '-IS', '-c', readFileSync(script, 'utf8'), file, report, answer];
  const { rebuild: within, command: read } = world.profile.bounds;
  const one = await start(world, { name: 'agent', overrides, command, within });
  const copy = path.join(world.get('overrideImage').copies, 'turn.json');
  const container = containerOf(world, 'agent');
  const seen = await agentReport(world.own.cli, { container, file: report, copy, within: read });
  world.set({ agentStart: { overrides, start: one, report: seen, answer } });
}

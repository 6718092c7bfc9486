import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import type { AssertionContext } from '../evidence/assertion';
import { configurationCheck } from '../staging/configuration-check';
import type { AgentRuntime } from '../sut/agent-runtime';
import type { Phase9World } from '../world/world';
import { printed, succeeds } from './command';

/** The user as whom an agent runs (contract, “Inside a sandbox”). */
const SANDBOX_USER = 'sandbox';

/** What is left, in ms, of the bound within which the agent works after the action ended. */
function timeLeft(world: Phase9World): number {
  const passed = Date.now() - Date.parse(world.get('outcome').entry.finishedAt);
  return Math.max(0, world.profile.bounds.agentReady - passed);
}

/** The agent's own process lives in the sandbox soon after the action, as the sandbox's user. */
export async function agentProcessRuns(a: AssertionContext, world: Phase9World): Promise<void> {
  const found = a.see(await world.agentRuntime().runsWithin(timeLeft(world)));
  a.isNotEmpty(
    'processes of the agent in the sandbox',
    found.map(({ pid, command }) => `${pid} ${command}`),
  );
  const others = found.filter(({ user }) => user !== SANDBOX_USER);
  a.isEmpty(
    `processes of the agent that are not ${SANDBOX_USER}’s`,
    others.map(({ pid, user }) => `${pid} of ${user}`),
  );
}

/** The agent of the scenario's sandbox answers for its health soon after the action, as a healthy one does. */
export async function agentIsHealthy(a: AssertionContext, world: Phase9World): Promise<void> {
  await isHealthy(a, world, world.agentRuntime());
}

/** The agent of any sandbox answers for its health soon after the action, as a healthy one does. */
export async function isHealthy(a: AssertionContext, world: Phase9World, runtime: AgentRuntime): Promise<void> {
  const { status, body } = a.see(await runtime.answersWithin(timeLeft(world)));
  const { answer } = world.profile.release.agents[world.get('agent')].atWork.health;
  a.equals('HTTP status of the agent’s health', status ?? 'no answer', 200);
  const values: Readonly<Record<string, unknown>> = typeof body === 'object' && body !== null ? { ...body } : {};
  a.equals(
    'what it says of its health',
    Object.fromEntries(Object.keys(answer).map((key) => [key, values[key]])),
    answer,
  );
}

/** The agent's configuration has settings, names the staged model, and is accepted by the agent's own check. */
export async function agentAcceptsConfiguration(a: AssertionContext, world: Phase9World): Promise<void> {
  const runtime = world.agentRuntime();
  const settings = parsed(a.see(await runtime.configuration()));
  a.isNotEmpty('settings in the agent’s configuration', Object.keys(settings));
  const { model } = world.get('endpoint');
  a.includes('models that it names, with or without their provider', namesIn(settings), model);
  const call = await configurationCheck(world);
  const { accepts, ignores } = world.profile.release.agents[world.get('agent')].atWork.configurationCheck;
  succeeds(a, call, 'the agent’s check of its configuration');
  const text = printed(a, call);
  a.matches('what the check prints', text, accepts);
  if (ignores) a.isEmpty('words by which it goes on without the configuration', ignores.exec(text)?.[0] ?? '');
}

/** The settings of a configuration in YAML, of which JSON is a part; none where the text is no mapping. */
function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Every string in `value`, each also without the provider before its first slash. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value, value.slice(value.indexOf('/') + 1)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(namesIn) : [];
}

/** A turn of the agent of the scenario's sandbox works. */
export async function agentCompletesTurn(a: AssertionContext, world: Phase9World): Promise<void> {
  await completesTurn(a, world, world.agentRuntime());
}

/** A turn by the agent's own command line ends with the endpoint's answer, which was asked for the configured model; the agent lives on. */
export async function completesTurn(a: AssertionContext, world: Phase9World, runtime: AgentRuntime): Promise<void> {
  const endpoint = world.get('endpoint');
  const before = a.see(await runtime.ownProcesses());
  const from = endpoint.count;
  const prompt = `phase9 turn ${randomBytes(8).toString('hex')}`;
  const call = await runtime.turn(prompt, world.profile.bounds.turn);
  const { stdout } = succeeds(a, call, 'the turn');
  a.includes('what the turn prints', stdout.toString('utf8'), endpoint.answer);
  const ours = a.see(endpoint.log(from)).filter((request) => request.prompt?.includes(prompt));
  a.atLeast('requests with this prompt in the endpoint’s log', ours.length, 1);
  for (const { model, credential } of ours) {
    a.equals('the model that a request names', model, endpoint.model);
    a.equals('the credential that it carried', credential, 'the provider’s');
  }
  const after = a.see(await runtime.ownProcesses()).map(({ pid }) => pid);
  // A command of the agent that somebody called meanwhile ends by itself: the agent is the process that stays.
  a.isNotEmpty(
    'processes of the agent that ran before the turn and run on',
    before.filter(({ pid }) => after.includes(pid)).map(({ pid, command }) => `${pid} ${command}`),
  );
}

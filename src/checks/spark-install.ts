import type { AssertionContext } from '../evidence/assertion';
import { MACHINE_CHANGING } from '../staging/spark-install-machine';
import type { Installation, SparkRun } from '../staging/spark-install-runs';
import type { CommandResult } from '../sut/command';
import { registrySchema, sessionSchema } from '../sut/durable-state';
import { textOf } from '../sut/host-cli';
import type { AssertionBody, Phase9World } from '../world/world';

/** The system that the row is about. */
export const LINUX = 'Linux';

/** The row is about an installer for Linux: where this host runs anything else, its assertions say so and no more. */
export function onLinux(body: AssertionBody): AssertionBody {
  return (a, world) => {
    const platform = a.see(world.get('platform'));
    if (platform === LINUX) return body(a, world);
    a.notApplicable(`the install of a DGX Spark is for Linux; this host runs ${platform}`);
  };
}

/** What a command printed, without the machine's own place in this host's file system. */
export function printed(a: AssertionContext, world: Phase9World, outcome: SparkRun['outcome']): string {
  const { stdout, stderr } = a.see(outcome);
  return `${textOf(stdout)}\n${textOf(stderr)}`.replaceAll(world.get('spark').machine.directory, '…');
}

/** Every refusal failed, said why, left no command behind, and changed nothing of the machine. */
export function refusesAll(a: AssertionContext, world: Phase9World, reason: RegExp, inWords: string): void {
  for (const refusal of world.get('refusals')) {
    const { how, outcome, found, files } = refusal;
    const { ended, exit } = a.see(outcome);
    a.equals(`how the installer ended ${how}`, ended, 'exited');
    a.that('its exit status', exit, 'not 0', exit !== 0);
    const text = printed(a, world, outcome);
    a.that('what it says', text, inWords, reason.test(text));
    a.equals('commands that a fresh login shell finds', textOf(a.see(found).stdout), '');
    const names = [...a.see(files).keys()].filter((name) => /(^|\/)(nemoclaw|openshell)[^/]*$/.test(name));
    a.isEmpty('programs of NemoClaw and OpenShell among the machine’s files', names, 'none');
    changesNothing(a, refusal);
  }
}

/** Titles of the steps that a command announced, `[n/of] …`. */
export function announced(text: string, of: number): string[] {
  const titles = text.split('\n').map((line) => line.trim());
  return titles.filter((line) => new RegExp(`^\\[\\d+/${of}\\] `).test(line));
}

export function exitsWell(a: AssertionContext, { outcome }: SparkRun): CommandResult {
  const result = a.see(outcome);
  a.equals('how it ended', { ended: result.ended, exit: result.exit }, { ended: 'exited', exit: 0 });
  return result;
}

/** What a file of the owner's that was printed holds. @throws with the words of `cat` where there is none. */
function contentOf({ exit, stdout, stderr }: CommandResult): unknown {
  if (exit !== 0) throw new Error(textOf(stderr).trim());
  return JSON.parse(textOf(stdout));
}

/** What the session tells of the onboarding, without times. */
export function sessionOf(a: AssertionContext, { session }: Pick<Installation, 'session'>): Record<string, unknown> {
  const { status, sandboxName, agent, provider, model, credentialEnv, steps } = a.see(
    session.map((printed) => sessionSchema.parse(contentOf(printed))),
  );
  const done = Object.entries(steps).map(([name, step]) => `${name} ${step.status}`);
  return { status, sandboxName, agent, provider, model, credentialEnv, steps: done };
}

/** What a run changed of the machine as a whole, and tried to change. */
export interface MachineChanges {
  readonly calls: readonly string[];
  readonly settings: readonly string[];
}

export function changesOf(a: AssertionContext, { calls, before, after }: SparkRun): MachineChanges {
  const changing = a.see(calls).filter(([name]) => ['sudo', ...MACHINE_CHANGING].some((one) => one === name));
  const was = a.see(before);
  const is = a.see(after);
  return {
    calls: changing.map((call) => call.join(' ')),
    settings: [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]),
  };
}

function changesNothing(a: AssertionContext, run: SparkRun): void {
  const { calls, settings } = changesOf(a, run);
  a.isEmpty('calls of commands that change the machine as a whole', calls, 'none');
  a.isEmpty('settings of the machine that changed', settings, 'none');
}

/** Nothing of the machine as a whole was changed, nor tried to be, by a run that did its work. */
export function leavesMachineAlone(a: AssertionContext, run: SparkRun): void {
  const engine = a.see(run.calls).filter(([name]) => name === 'docker');
  a.that('calls of docker, which any installation needs', engine.length, 'some', engine.length > 0);
  changesNothing(a, run);
}

/** Name, agent's version and model of each registered sandbox. */
export function registeredOf(a: AssertionContext, { registry }: Installation): unknown {
  const { sandboxes } = a.see(registry.map((printed) => registrySchema.parse(contentOf(printed))));
  return Object.values(sandboxes).map(({ name, agentVersion, model }) => ({ name, agentVersion, model }));
}

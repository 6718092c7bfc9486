import type { AssertionContext } from '../evidence/assertion';
import type { Installation, SparkRun } from '../staging/spark-install-runs';
import type { CommandResult } from '../sut/command';
import { registrySchema, sessionSchema } from '../sut/durable-documents';
import { textOf } from '../sut/host-cli';
import { changesMachine } from './machine-changes';

/** Titles of the steps that a command announced, `[n/of] …`. */
export function announced(text: string, of: number): string[] {
  const titles = text.split('\n').map((line) => line.trim());
  return titles.filter((line) => new RegExp(`^\\[\\d+/${of}\\] `).test(line));
}

/** The content of a file of the owner's that `cat` printed. @throws with the error of `cat` where there is no such file. */
function contentOf({ exit, stdout, stderr }: CommandResult): unknown {
  if (exit !== 0) throw new Error(textOf(stderr).trim());
  return JSON.parse(textOf(stdout));
}

/** The session's record of the onboarding, without times. */
export function sessionOf(a: AssertionContext, { session }: Pick<Installation, 'session'>): Record<string, unknown> {
  const { status, sandboxName, agent, provider, model, credentialEnv, steps } = a.see(
    session.map((file) => sessionSchema.parse(contentOf(file))),
  );
  const done = Object.entries(steps).map(([name, step]) => `${name} ${step.status}`);
  return { status, sandboxName, agent, provider, model, credentialEnv, steps: done };
}

/** Name, agent's version and model of each registered sandbox. */
export function registeredOf(a: AssertionContext, { registry }: Installation): unknown {
  const { sandboxes } = a.see(registry.map((file) => registrySchema.parse(contentOf(file))));
  return Object.values(sandboxes).map(({ name, agentVersion, model }) => ({ name, agentVersion, model }));
}

/** The changes to the machine as a whole that a run tried, and those that it made. */
export interface MachineChanges {
  readonly calls: readonly string[];
  readonly settings: readonly string[];
}

export function changesOf(a: AssertionContext, { calls, before, after }: SparkRun): MachineChanges {
  const changing = a.see(calls).filter(changesMachine);
  const was = a.see(before);
  const is = a.see(after);
  return {
    calls: changing.map((call) => call.join(' ')),
    settings: [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]),
  };
}

export function changesNothing(a: AssertionContext, run: SparkRun): void {
  const { calls, settings } = changesOf(a, run);
  a.isEmpty('calls of commands that change the machine as a whole', calls);
  a.isEmpty('settings of the machine that changed', settings);
}

/** A run that did its work changed nothing of the machine as a whole, and did not try to. */
export function leavesMachineAlone(a: AssertionContext, run: SparkRun): void {
  const engine = a.see(run.calls).filter(([name]) => name === 'docker');
  a.moreThan('calls of docker, which any installation needs', engine.length, 0);
  changesNothing(a, run);
}

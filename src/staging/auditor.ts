import path from 'node:path';
import type { AuditResult } from '../audit/result';
import type { TraceRow } from '../audit-input/specification';
import { inRepository } from '../repository';
import { runCommand } from '../sut/command';
import { seconds } from '../sut/until';
import { interruption } from '../world/interruption';
import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Every assertion step of the features. */
    traceRows: readonly TraceRow[];
  }
}

const phase9 = inRepository('bin/phase9');

/** The result of an audit, and its exit status. */
export interface Audited {
  readonly exit: number;
  readonly result: AuditResult;
}

/** Runs a command of the suite as anybody would. @throws when it prints no JSON. */
async function jsonFrom(world: Phase9World, args: readonly string[]): Promise<{ exit: number; value: unknown }> {
  const { exit, stdout, stderr } = await runCommand({
    argv: [process.execPath, phase9, ...args],
    env: process.env,
    cwd: process.cwd(),
    within: seconds(60),
    signal: interruption,
    logs: path.join(world.own.directory, 'logs'),
  });
  try {
    return { exit: exit ?? -1, value: JSON.parse(stdout.toString('utf8')) };
  } catch {
    throw new Error(`phase9 ${args.join(' ')} ended with ${exit} and no JSON: ${stderr.toString('utf8').slice(-1000)}`);
  }
}

/** The auditor judges `paths` for `rows`. */
export async function auditOf(world: Phase9World, paths: readonly string[], rows: readonly string[]): Promise<Audited> {
  const { exit, value } = await jsonFrom(world, ['audit', ...paths, '--rows', rows.join(','), '--json']);
  return { exit, result: value as AuditResult };
}

/** Every assertion step of the features, asked for once a scenario: they do not change meanwhile. */
export async function traceRows(world: Phase9World): Promise<readonly TraceRow[]> {
  const known = world.getIfSet('traceRows');
  if (known !== undefined) return known;
  const { value } = await jsonFrom(world, ['trace', '--json']);
  const { steps } = value as { readonly steps: readonly TraceRow[] };
  world.set({ traceRows: steps });
  return steps;
}

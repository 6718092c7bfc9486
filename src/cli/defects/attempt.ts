import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecords } from '../../evidence/record';
import { EXIT } from '../../run/exit';
import { UserError } from '../../user-error';
import { callProgram, describeEnd, type ProgramEnd } from '../program';
import type { Verdicts } from './judge';
import { worse } from './judge';
import type { Trial } from './plan';
import type { Workspace } from './workspace';

/** Bound of one scenario with a defect in the SUT, in ms. */
const RUN_MS = 15 * 60_000;
const BUILD_MS = 3 * 60_000;
/** A run that is told to end restores what it staged first, in ms. */
const GRACE_MS = 3 * 60_000;

/** What a trial showed. */
export interface Showed {
  readonly verdicts: Verdicts;
  /** Exit status of the run; null when its bound ended it. */
  readonly exit: number | null;
  readonly seconds: number;
  /** UTC, ISO 8601. */
  readonly at: string;
}

/** Variables that would lead a run of the copy out of it. */
const OURS = /^PHASE9_|^NEMOCLAW_|^OPENSHELL_/;

function environment(workspace: Workspace, run: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  return { ...Object.fromEntries(kept), PHASE9_STATE_DIR: workspace.state, PHASE9_RUN: run, NO_COLOR: '1' };
}

/**
 * Runs one scenario in a copy of the repository with these defects, and restores whatever a defective restore left.
 * @param logs directory for the output of a run
 * @throws UserError when the defective copy cannot be built or its run does not begin; Interrupted
 */
export async function attempt(
  workspace: Workspace,
  trial: Trial,
  name: string,
  logs: string,
  signal: AbortSignal,
): Promise<Showed> {
  const started = Date.now();
  const run = `defect-${name}`;
  const reports = path.join(workspace.root, 'reports', run);
  const env = environment(workspace, run);
  const call = (args: readonly string[], within: number): Promise<ProgramEnd> =>
    callProgram(process.execPath, args, { cwd: workspace.root, env, within, signal, grace: GRACE_MS });
  mkdirSync(workspace.state, { recursive: true, mode: 0o700 });
  try {
    workspace.apply(trial.defects);
    const built = await call(['bin/phase9', 'setup'], BUILD_MS);
    if (built.status !== 0) throw new UserError(`${names(trial)}: ${describeEnd(built, 15)}`);
    const end = await call(['bin/phase9', 'run', '--profile', 'reference', trial.location], RUN_MS);
    mkdirSync(logs, { recursive: true });
    writeFileSync(path.join(logs, `${name}.log`), `${end.stdout}\n${end.stderr}`);
    if (end.status === EXIT.badInput)
      throw new UserError(`${names(trial)}: the run did not begin: ${describeEnd(end)}`);
    const verdicts: Record<string, Verdicts[string]> = {};
    for (const { record } of readRecords(reports)) verdicts[record.id] = worse(verdicts[record.id], record.verdict);
    return { verdicts, exit: end.status, seconds: (Date.now() - started) / 1000, at: new Date(started).toISOString() };
  } finally {
    workspace.heal();
    const { signal: free } = new AbortController();
    await callProgram(process.execPath, ['bin/phase9', 'restore'], {
      ...{ cwd: workspace.root, env, within: BUILD_MS, signal: free },
    });
    rmSync(reports, { recursive: true, force: true });
  }
}

/** A trial in messages: its defects, and where they are tried. */
export function names({ defects, location }: Trial): string {
  const what = defects.length === 0 ? 'no defect' : defects.map(({ name }) => name).join(' + ');
  return `${what} in ${location}`;
}

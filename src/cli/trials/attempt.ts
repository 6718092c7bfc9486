import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readRecords, type Verdict } from '../../evidence/record';
import { EXIT } from '../../run/exit';
import { UserError } from '../../user-error';
import { callProgram, describeEnd, type ProgramEnd } from '../program';
import type { Workspace } from './workspace';

/** Bound of one run of a changed copy, in ms. */
const RUN_MS = 25 * 60_000;
const BUILD_MS = 3 * 60_000;
/** A run that is told to end restores what it staged first, in ms. */
const GRACE_MS = 3 * 60_000;

/** One run of a changed copy. */
export interface Request {
  /** For messages: what is changed, and where it is tried. */
  readonly title: string;
  /** Name of its run and of its output. */
  readonly name: string;
  /** Changes the copy, by its method `edit`. */
  readonly change: (copy: Workspace) => void;
  /** Arguments of the run: features, or `file:line` of a scenario, and options of cucumber-js. */
  readonly run: readonly string[];
  /** Directory for the output of the run. */
  readonly logs: string;
}

/** The verdicts of a run, by ID; an ID with several variants has its worst. */
export type Verdicts = Readonly<Record<string, Verdict>>;

/** The changed copy could not be built, or refused to begin its run. */
export class NotBuilt extends UserError {}
export class NotBegun extends UserError {}

/** What a run showed. */
export interface Showed {
  readonly verdicts: Verdicts;
  /** Why an assertion did not pass, by ID. */
  readonly reasons: Readonly<Record<string, string>>;
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

/** The worst of two verdicts of one assertion. */
export function worse(one: Verdict | undefined, other: Verdict): Verdict {
  const order: readonly Verdict[] = ['failed', 'not-run', 'passed', 'not-applicable'];
  return one !== undefined && order.indexOf(one) < order.indexOf(other) ? one : other;
}

/**
 * Runs features in a changed copy of the repository, and restores whatever a defective restore left.
 * @throws NotBuilt when the changed copy cannot be built; NotBegun when its run does not begin; Interrupted
 */
export async function attempt(workspace: Workspace, request: Request, signal: AbortSignal): Promise<Showed> {
  const { title, name, logs } = request;
  const started = Date.now();
  const run = `trial-${name}`;
  const reports = path.join(workspace.root, 'reports', run);
  const env = environment(workspace, run);
  const call = (args: readonly string[], within: number): Promise<ProgramEnd> =>
    callProgram(process.execPath, args, { cwd: workspace.root, env, within, signal, grace: GRACE_MS });
  mkdirSync(workspace.state, { recursive: true, mode: 0o700 });
  try {
    request.change(workspace);
    const built = await call(['bin/phase9', 'setup'], BUILD_MS);
    if (built.status !== 0) throw new NotBuilt(`${title}: ${describeEnd(built, 15)}`);
    const end = await call(['bin/phase9', 'run', '--profile', 'reference', ...request.run], RUN_MS);
    mkdirSync(logs, { recursive: true });
    writeFileSync(path.join(logs, `${name}.log`), `${end.stdout}\n${end.stderr}`);
    if (end.status === EXIT.badInput) throw new NotBegun(`${title}: the run did not begin: ${describeEnd(end)}`);
    const verdicts: Record<string, Verdict> = {};
    const reasons: Record<string, string> = {};
    for (const { record } of readRecords(reports)) {
      verdicts[record.id] = worse(verdicts[record.id], record.verdict);
      if (record.reason !== null) reasons[record.id] = record.reason;
    }
    const seconds = (Date.now() - started) / 1000;
    return { verdicts, reasons, exit: end.status, seconds, at: new Date(started).toISOString() };
  } finally {
    workspace.heal();
    const { signal: free } = new AbortController();
    await callProgram(process.execPath, ['bin/phase9', 'restore'], {
      ...{ cwd: workspace.root, env, within: BUILD_MS, signal: free },
    });
    rmSync(reports, { recursive: true, force: true });
  }
}

import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/** Which run this process belongs to, and where it keeps its things. Workers inherit it from the coordinator by environment. */
export interface RunContext {
  readonly run: string;
  /** Records, bundle and reports of this run. */
  readonly reports: string;
  /** Journals and working directories: outside the repository, so that a second clone sees them too. */
  readonly state: string;
  readonly journals: string;
}

/** A new run's name: UTC time and four random hex digits. */
export function newRunName(now: Date = new Date()): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
}

export function stateDirectory(): string {
  return path.resolve(
    process.env.PHASE9_STATE_DIR ??
      path.join(process.env.XDG_STATE_HOME ?? path.join(os.homedir(), '.local/state'), 'phase9'),
  );
}

export function reportsDirectory(): string {
  return path.resolve(process.env.PHASE9_REPORTS_DIR ?? 'reports');
}

/** The run of this process; names a new one when there is none yet. */
export function runContext(): RunContext {
  process.env.PHASE9_RUN ??= newRunName();
  const run = process.env.PHASE9_RUN;
  const state = stateDirectory();
  return { run, reports: path.join(reportsDirectory(), run), state, journals: path.join(state, 'journals') };
}

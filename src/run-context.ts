import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readSettings } from './settings';

/** The run that this process belongs to, and its directories. Workers inherit it from the coordinator by environment. */
export interface RunContext {
  readonly run: string;
  /** Records, bundle and reports of this run. */
  readonly reports: string;
  /** Journals and working directories: outside the repository, so that a second clone sees them too. */
  readonly state: string;
  readonly journals: string;
}

/** A name for a new run: UTC time and four random hex digits. */
export function newRunName(now: Date = new Date()): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(2).toString('hex')}`;
}

/** Journals, locks and working directories of all runs of this user. */
export function stateDirectory(): string {
  return readSettings().stateDirectory;
}

export function reportsDirectory(): string {
  return readSettings().reportsDirectory;
}

/**
 * The run of this process; a new one where PHASE9_RUN is not set.
 * @throws UserError when a PHASE9_* variable is invalid.
 */
export function runContext(): RunContext {
  process.env.PHASE9_RUN ??= newRunName();
  const run = process.env.PHASE9_RUN;
  const state = stateDirectory();
  return { run, reports: path.join(reportsDirectory(), run), state, journals: path.join(state, 'journals') };
}

import type { Profile } from '../../sut/profile';

/** What was looked at, and how it is. `fail`: nothing that needs it can run; `warn`: it can, or it was not looked at. */
export interface Look {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly found: string;
  /** What to do. */
  readonly advice?: string;
}

export interface Answer {
  readonly ok: boolean;
  readonly stdout: string;
  /** How it ended, and the last line that it printed: for messages. */
  readonly how: string;
}

/** Asks a program of the installation, within a bound in ms (5 s unless given). Never throws for how it ends. */
export type Ask = (argv: readonly [string, ...string[]], within?: number) => Promise<Answer>;

/** A live installation that is looked at before anything is staged. */
export interface Installation {
  readonly profile: Profile;
  /** Its source tree. */
  readonly tree: string;
  /** The environment that a scenario's commands would have, with a HOME of its own. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ask: Ask;
}

/** The first version number in a program's output. */
export function versionIn(output: string): string | undefined {
  return /\b(\d+\.\d+(?:\.\d+)?)\b/.exec(output)?.[1];
}

/** Below 0 where `one` is lower than `other`. */
export function compareNumbers(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

import { existsSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from './user-error';

/** Values of the PHASE9_* environment variables: all that the suite knows. */
export interface Settings {
  readonly profile: 'reference' | 'live';
  /** Whether set-up may install the distribution's docker.io and start dockerd. */
  readonly installEngine: boolean;
  /** Image below the agent images; '' lets set-up choose. */
  readonly baseImage: string;
  readonly cacheDirectory: string;
  /** Journals and logs; outside the repository, so that a second clone sees them too. */
  readonly stateDirectory: string;
  readonly reportsDirectory: string;
  /** The role or name that makes a run, part of its bundle. */
  readonly producer: string;
  /** The bundles of earlier runs that some scenarios audit; '' when none is named. */
  readonly bundle: string;
  /** The row that `phase9 ci row` runs; '' when none is named. */
  readonly row: string;
}

const IMAGE_REFERENCE =
  /^[a-zA-Z0-9][a-zA-Z0-9._/-]*(:[0-9]+\/[a-zA-Z0-9._/-]+)?(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/;

const directory = z
  .string()
  .refine((value) => !value.includes('\0'), 'is not a path')
  .refine((value) => !existsSync(value) || statSync(value).isDirectory(), 'names a file where a directory belongs')
  .optional();

const VARIABLES = {
  PHASE9_PROFILE: z.enum(['reference', 'live'], { error: 'must be reference or live' }).default('reference'),
  PHASE9_INSTALL_ENGINE: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('1'),
  PHASE9_BASE_IMAGE: z
    .string()
    .regex(IMAGE_REFERENCE, 'must be an image reference such as debian:bookworm-slim')
    .optional(),
  PHASE9_CACHE_DIR: directory,
  PHASE9_STATE_DIR: directory,
  PHASE9_REPORTS_DIR: directory,
  PHASE9_PRODUCER: z
    .string()
    .regex(/^[\w .@/-]{1,80}$/, 'must be a role or a name of at most 80 characters')
    .optional(),
  PHASE9_BUNDLE: z.string().optional(),
  PHASE9_ROW: z
    .string()
    .regex(/^AQ-\d{3}$/, 'must be a row such as AQ-050')
    .optional(),
};
const SCHEMA = z.object(VARIABLES);

/** Set by the suite itself for the processes that it starts: not meant for users, and accepted from the environment. */
const INTERNAL = ['PHASE9_RUN', 'PHASE9_SCENARIO'];

/**
 * Reads and checks the PHASE9_* variables. An empty value counts as unset.
 * @throws UserError (exit status 2) that names every invalid variable.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith('PHASE9_') && value !== '');
  const known = [...Object.keys(VARIABLES), ...INTERNAL];
  const problems: string[] = [];
  for (const [name] of given) {
    if (known.includes(name)) continue;
    const near = nearest(name, Object.keys(VARIABLES));
    problems.push(
      near === undefined
        ? `${name} is not a setting; the settings are ${Object.keys(VARIABLES).join(', ')}`
        : `${name} is not a setting; did you mean ${near}?`,
    );
  }
  const parsed = SCHEMA.safeParse(Object.fromEntries(given));
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    problems.push(`${name} ${issue.message}, but is ${JSON.stringify(environment[name])}`);
  }
  if (parsed.data === undefined || problems.length > 0) {
    throw new UserError(`the environment is invalid: ${problems.join('; ')}`);
  }
  const home = environment.HOME ?? homedir();
  const stateHome = environment.XDG_STATE_HOME || path.join(home, '.local', 'state');
  const { data } = parsed;
  return {
    profile: data.PHASE9_PROFILE,
    installEngine: data.PHASE9_INSTALL_ENGINE === '1',
    baseImage: data.PHASE9_BASE_IMAGE ?? '',
    cacheDirectory: path.resolve(data.PHASE9_CACHE_DIR ?? path.join(home, '.cache', 'phase9')),
    stateDirectory: path.resolve(data.PHASE9_STATE_DIR ?? path.join(stateHome, 'phase9')),
    reportsDirectory: path.resolve(data.PHASE9_REPORTS_DIR ?? 'reports'),
    producer: data.PHASE9_PRODUCER ?? userInfo().username,
    bundle: data.PHASE9_BUNDLE ?? '',
    row: data.PHASE9_ROW ?? '',
  };
}

/** The candidate that a mistyped word most likely means: at most a third of its characters differ. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  const tail = best.candidate.replace(/^PHASE9_/, '').length;
  return best.distance <= Math.max(1, Math.floor(tail / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, right] of [...b].entries()) {
      const substituted = (row[j] ?? 0) + (left === right ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

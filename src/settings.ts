import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import type { z } from 'zod';
import { type Phase9File, phase9FileName, readPhase9File } from './phase9-file';
import { checkedEnvironment, checkedFlag, VARIABLES } from './settings-environment';
import type { GeneralName, liveSchema, OldAgentSetting } from './settings-schema';

/** All that the suite is told: by flags, the environment, phase9.yaml, or defaults, in this order. */
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
  /** How a run ends in which known failures are all that is red: with 1 or with 0. */
  readonly knownFailures: 'fail' | 'pass';
  readonly live: LiveSettings;
}

/** What only its user knows of a live installation. */
export interface LiveSettings {
  /** A NemoClaw checkout or installation; '' lets the profile look for it. */
  readonly root: string;
  readonly oldAgents: Readonly<Partial<Record<'openclaw' | 'hermes', OldAgentSetting>>>;
  /** A directory with `install.sh`, `nemoclaw.git` and `openshell/`, from which installers get releases; '' for the public addresses. */
  readonly releases: string;
  /** Bounds of the product's operations, in seconds, where they are not the profile's. */
  readonly bounds: NonNullable<z.output<typeof liveSchema>['bounds']>;
  /** Address of this host that containers reach; '' lets the suite find it. */
  readonly endpoint: string;
  /** Public hosts that sandboxes may try. */
  readonly hosts: readonly string[];
  /** Further variables of the product's owner. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a command line says. */
export interface Flags {
  readonly profile?: string | undefined;
}

/** A setting as it holds, and where from. */
export interface SettingOrigin {
  readonly name: string;
  readonly value: unknown;
  readonly from: 'flag' | 'environment' | 'file' | 'default';
  /** `--profile`, the variable's name, or `file:line`. */
  readonly where: string;
}

/** The one setting of a live installation that has a variable: the product's own. */
const ROOT_VARIABLE = 'NEMOCLAW_ROOT';
const DIRECTORIES: readonly string[] = ['cacheDirectory', 'stateDirectory', 'reportsDirectory'];

/**
 * Reads and checks all settings: flags, PHASE9_* variables, phase9.yaml (or PHASE9_CONFIG), defaults. An empty variable counts as unset.
 * @throws UserError (exit status 2) that names every invalid one.
 */
export function readSettings(environment: NodeJS.ProcessEnv = process.env, flags: Flags = {}): Settings {
  const all = new Map(settingOrigins(environment, flags).map(({ name, value }) => [name, value]));
  // Each value has passed the schema of its name.
  const value = <T>(name: string): T => all.get(name) as T;
  return {
    profile: value('profile'),
    installEngine: value('installEngine'),
    baseImage: value('baseImage'),
    cacheDirectory: value('cacheDirectory'),
    stateDirectory: value('stateDirectory'),
    reportsDirectory: value('reportsDirectory'),
    producer: value('producer'),
    bundle: value('bundle'),
    row: value('row'),
    knownFailures: value('knownFailures'),
    live: {
      root: value('live.root'),
      oldAgents: value('live.oldAgents'),
      releases: value('live.releases'),
      bounds: value('live.bounds'),
      endpoint: value('live.endpoint'),
      hosts: value('live.hosts'),
      environment: value('live.environment'),
    },
  };
}

/**
 * Every setting with its value and where it is from.
 * @throws UserError as {@link readSettings}.
 */
export function settingOrigins(environment: NodeJS.ProcessEnv = process.env, flags: Flags = {}): SettingOrigin[] {
  const given = checkedEnvironment(environment);
  const named = phase9FileName(environment);
  const file = named === undefined ? undefined : readPhase9File(named);
  const home = environment.HOME ?? homedir();
  const general = Object.entries(defaults(environment, home)).map(([name, usual]): SettingOrigin => {
    const [variable] = VARIABLES[name as GeneralName];
    const resolved = (value: unknown, base: string) =>
      DIRECTORIES.includes(name) ? pathFrom(base, home, String(value)) : value;
    if (name === 'profile' && flags.profile !== undefined) {
      return { name, value: checkedFlag(flags.profile), from: 'flag', where: '--profile' };
    }
    if (given.has(name)) {
      return { name, value: resolved(given.get(name), process.cwd()), from: 'environment', where: variable };
    }
    return fromFile(file, name, [name], (value, base) => resolved(value, base)) ?? byDefault(name, usual);
  });
  return [...general, ...liveOrigins(environment, file, home)];
}

function liveOrigins(environment: NodeJS.ProcessEnv, file: Phase9File | undefined, home: string): SettingOrigin[] {
  const usual = { root: '', oldAgents: {}, releases: '', bounds: {}, endpoint: '', hosts: [], environment: {} };
  return Object.entries(usual).map(([key, value]): SettingOrigin => {
    const name = `live.${key}`;
    const root = environment[ROOT_VARIABLE];
    if (key === 'root' && root) {
      return { name, value: path.resolve(root), from: 'environment', where: ROOT_VARIABLE };
    }
    const resolved = (one: unknown, base: string) =>
      key === 'root' || key === 'releases' ? pathFrom(base, home, String(one)) : one;
    return fromFile(file, name, ['live', key], resolved) ?? byDefault(name, value);
  });
}

function byDefault(name: string, value: unknown): SettingOrigin {
  return { name, value, from: 'default', where: '' };
}

/** What the file says at a path. */
function fromFile(
  file: Phase9File | undefined,
  name: string,
  at: readonly string[],
  resolved: (value: unknown, base: string) => unknown,
): SettingOrigin | undefined {
  const where = file?.where(at);
  if (file === undefined || where === undefined) return undefined;
  const value = at.reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], file.values);
  return { name, value: resolved(value, path.dirname(file.file)), from: 'file', where };
}

/** A path as its writer means it: `~/` is HOME. */
function pathFrom(base: string, home: string, value: string): string {
  return value === '~' || value.startsWith('~/') ? path.join(home, value.slice(1)) : path.resolve(base, value);
}

function defaults(environment: NodeJS.ProcessEnv, home: string): Record<GeneralName, unknown> {
  const stateHome = environment.XDG_STATE_HOME || path.join(home, '.local', 'state');
  return {
    profile: 'reference',
    installEngine: true,
    baseImage: '',
    cacheDirectory: path.join(home, '.cache', 'phase9'),
    stateDirectory: path.resolve(stateHome, 'phase9'),
    reportsDirectory: path.resolve('reports'),
    producer: userInfo().username,
    bundle: '',
    row: '',
    knownFailures: 'fail',
  };
}

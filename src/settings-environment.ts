import { z } from 'zod';
import { nearest } from './nearest';
import { credentialShapes } from './secrets/shapes';
import { type GeneralName, generalSchema } from './settings-schema';
import { UserError } from './user-error';

const yesOrNo = z.enum(['0', '1'], { error: 'must be 0 or 1' }).transform((value) => value === '1');

/** The variable of each setting, and how its text is read. */
export const VARIABLES: Readonly<Record<GeneralName, readonly [name: string, schema: z.ZodType]>> = {
  profile: ['PHASE9_PROFILE', generalSchema.profile],
  installEngine: ['PHASE9_INSTALL_ENGINE', yesOrNo],
  baseImage: ['PHASE9_BASE_IMAGE', generalSchema.baseImage],
  cacheDirectory: ['PHASE9_CACHE_DIR', generalSchema.cacheDirectory],
  stateDirectory: ['PHASE9_STATE_DIR', generalSchema.stateDirectory],
  reportsDirectory: ['PHASE9_REPORTS_DIR', generalSchema.reportsDirectory],
  producer: ['PHASE9_PRODUCER', generalSchema.producer],
  bundle: ['PHASE9_BUNDLE', generalSchema.bundle],
  row: ['PHASE9_ROW', generalSchema.row],
  knownFailures: ['PHASE9_KNOWN_FAILURES', generalSchema.knownFailures],
};
const VARIABLE_NAMES = [...Object.values(VARIABLES).map(([name]) => name), 'PHASE9_CONFIG'];

/** Set by the suite itself for the processes that it starts: not meant for users, and accepted from the environment. */
const INTERNAL = ['PHASE9_RUN', 'PHASE9_SCENARIO'];

/** What the PHASE9_* variables set, by setting. @throws UserError that names every invalid one. */
export function checkedEnvironment(environment: NodeJS.ProcessEnv): ReadonlyMap<string, unknown> {
  const given = Object.entries(environment).filter(([name, value]) => name.startsWith('PHASE9_') && value);
  const problems: string[] = [];
  for (const [name] of given) {
    if ([...VARIABLE_NAMES, ...INTERNAL].includes(name)) continue;
    const near = nearest(name, VARIABLE_NAMES);
    problems.push(
      near === undefined
        ? `${name} is not a setting; the settings are ${VARIABLE_NAMES.join(', ')}`
        : `${name} is not a setting; did you mean ${near}?`,
    );
  }
  const values = new Map<string, unknown>();
  for (const [setting, [name, schema]] of Object.entries(VARIABLES)) {
    const text = environment[name];
    if (!text) continue;
    const parsed = schema.safeParse(text);
    for (const { message } of parsed.error?.issues ?? []) problems.push(`${name} ${message}, but is ${shown(text)}`);
    if (parsed.success) values.set(setting, parsed.data);
  }
  if (problems.length > 0) throw new UserError(`the environment is invalid: ${problems.join('; ')}`);
  return values;
}

/** The value of `--profile`. @throws UserError where it is none */
export function checkedFlag(text: string): unknown {
  const parsed = generalSchema.profile.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UserError(`--profile ${parsed.error.issues[0]?.message}, but is ${shown(text)}`);
}

/** A wrong value for a message; a credential in the wrong variable is not repeated. */
function shown(text: string): string {
  const credential = credentialShapes.find(({ pattern }) => text.search(pattern) !== -1);
  return credential === undefined ? JSON.stringify(text) : `something that looks like ${credential.what}`;
}

import type { AssertionContext } from '../evidence/assertion';
import type { StartedCase } from '../staging/runtime-overrides';
import {
  asConfigured,
  type Fault,
  faultOf,
  type Given,
  type Setting,
  settings,
} from '../staging/runtime-overrides-cases';
import { imageIdNow } from '../staging/runtime-overrides-image';
import type { Phase9World } from '../world/world';
import {
  bytesOf,
  configuredAfter,
  ended,
  hashLine,
  hashMatches,
  ranToTheEnd,
  sameConfiguration,
} from './runtime-overrides-start';

/** Words of the reason that the sandbox prints for a value that it leaves out, besides the variable. */
const REASONS: Readonly<Record<Exclude<Setting, 'model'>, readonly string[]>> = {
  'context-window': ['must be a positive integer'],
  'max-tokens': ['must be a positive integer'],
  reasoning: ['must be "true" or "false"'],
  cors: ['must start with http'],
  'inference-api': ['openai-completions', 'anthropic-messages'],
};

/** The start with an accepted value of `setting`. @throws when the feature has none */
function accepted(world: Phase9World, setting: Setting, given: Given): StartedCase {
  const found = world.get('acceptedStarts').find((one) => one.setting === setting && one.given === given);
  if (!found) throw new Error(`no sandbox was started with the setting ${settings[setting].name}, given ${given}`);
  return found;
}

/**
 * The starts with values of `setting` that are wrong in this way.
 * @throws when the feature has none: the check would prove nothing
 */
function wrong(world: Phase9World, setting: Setting, fault: Fault): readonly StartedCase[] {
  const found = world.get('wrongStarts').filter((one) => one.setting === setting && faultOf(one.value) === fault);
  if (found.length === 0) throw new Error(`no sandbox was started with a wrong ${settings[setting].name}`);
  return found;
}

/** The words by which the sandbox explains why it leaves a value of `setting` out. */
export function reasonsFor(setting: Setting): readonly string[] {
  if (setting === 'model') throw new Error('a model is refused, or applied');
  return REASONS[setting];
}

/** One line of the sandbox's stderr names the variable and the reason. */
export function reasonIsReported(
  a: AssertionContext,
  { setting, value }: StartedCase,
  stderr: string,
  reasons: readonly string[],
): void {
  const { variable } = settings[setting];
  const lines = stderr.split('\n').filter((line) => [variable, ...reasons].every((part) => line.includes(part)));
  const wanted = reasons.join(', ');
  a.isNotEmpty(`lines of stderr about ${variable}=${JSON.stringify(value)} with the reason: ${wanted}`, lines);
}

/** The hash of the first start matches its configuration. */
export function firstHashMatches(a: AssertionContext, world: Phase9World): void {
  hashMatches(a, world.get('firstStart'));
}

/** The hash of the start with the model differs from the first one, and matches. */
export function hashIsRecomputed(a: AssertionContext, world: Phase9World): void {
  const { start } = accepted(world, 'model', 'alone');
  const [line, before] = [hashLine(a, start), hashLine(a, world.get('firstStart'))];
  a.differs('hash in .config-hash', line.slice(0, 64), before.slice(0, 64));
  hashMatches(a, start);
}

/**
 * The configuration has the value after the start that gives it, and another one after the start that only lacks it.
 */
export function takesEffect(a: AssertionContext, world: Phase9World, setting: Setting, given: Given): void {
  const one = accepted(world, setting, given);
  const without = given === 'alone' ? world.get('firstStart') : accepted(world, 'model', 'alone').start;
  ranToTheEnd(a, one.start);
  const expected = asConfigured(one.setting, one.value);
  a.equals(`${setting} after ${one.start.name}`, configuredAfter(a, one.start)[setting], expected);
  a.differs(`${setting} after ${without.name}`, configuredAfter(a, without)[setting], expected);
}

/** A start with the setting alone leaves the configuration as without overrides. */
export function changesNothingAlone(a: AssertionContext, world: Phase9World, setting: Setting): void {
  const { start } = accepted(world, setting, 'alone');
  ranToTheEnd(a, start);
  sameConfiguration(a, start, world.get('firstStart'));
}

/** The allowed origins are those of the image, of which there are some, and the added one. */
export function originIsAdded(a: AssertionContext, world: Phase9World): void {
  const { start, value } = accepted(world, 'cors', 'alone');
  ranToTheEnd(a, start);
  const { cors } = configuredAfter(a, world.get('firstStart'));
  a.isNotEmpty('allowed origins without overrides', cors);
  a.equals('allowed origins', configuredAfter(a, start).cors, [...cors, value].sort());
}

/**
 * After the start with all accepted values the configuration has each of them, and OpenClaw's own validation accepts
 * it.
 */
export function allTakeEffect(a: AssertionContext, world: Phase9World): void {
  const start = world.get('startWithAll');
  ranToTheEnd(a, start);
  const first = configuredAfter(a, world.get('firstStart'));
  const given = Object.fromEntries(
    world.get('acceptedStarts').map((one) => [one.setting, asConfigured(one.setting, one.value)]),
  );
  const expected = { ...first, ...given, cors: [...first.cors, given.cors].sort() };
  a.equals('settings', configuredAfter(a, start), expected);
  a.equals("exit status of OpenClaw's own validation", a.see(start.payload).command, '0');
}

/** The start ended with 1 before its command ran, and reported the reason. */
export function refusedFor(a: AssertionContext, one: StartedCase, reasons: readonly string[]): void {
  const { exit, ran, stderr } = ended(a, one.start);
  a.equals(`exit status of ${one.start.name}`, exit, 1);
  a.equals(`the command of ${one.start.name} ran`, ran, false);
  reasonIsReported(a, one, stderr, reasons);
}

/** Each start with control characters in a value of `setting` was refused. */
export function isRefused(a: AssertionContext, world: Phase9World, setting: Setting): void {
  for (const one of wrong(world, setting, 'control characters')) refusedFor(a, one, ['control characters']);
}

/** Each start with an invalid value of `setting` ran to its end without it, and reported the reason. */
export function isLeftOut(a: AssertionContext, world: Phase9World, setting: Setting): void {
  const before = configuredAfter(a, world.get('firstStart'))[setting];
  for (const one of wrong(world, setting, 'invalid')) {
    const { stderr } = ranToTheEnd(a, one.start);
    reasonIsReported(a, one, stderr, reasonsFor(setting));
    a.equals(`${setting} after ${one.start.name}`, configuredAfter(a, one.start)[setting], before);
  }
}

/** The configuration after each start with a wrong value is that of the first start. */
export function wrongValuesChangeNothing(a: AssertionContext, world: Phase9World): void {
  for (const { start } of world.get('wrongStarts')) {
    ended(a, start);
    sameConfiguration(a, start, world.get('firstStart'));
  }
}

/**
 * Configuration, hash and image are the same after the last start as before all others, although some of those changed
 * theirs.
 */
export async function defaultsAreUnchanged(a: AssertionContext, world: Phase9World): Promise<void> {
  const [first, last] = [world.get('firstStart'), world.get('lastStart')];
  const configuration = a.see(first.config.map(bytesOf));
  const between = [...world.get('acceptedStarts').map(({ start }) => start), world.get('startWithAll')];
  const changed = between.filter((start) => !a.see(start.config.map(bytesOf)).equals(configuration));
  a.isNotEmpty(
    'starts in between that changed their configuration',
    changed.map(({ name }) => name),
  );
  ranToTheEnd(a, last);
  sameConfiguration(a, last, first);
  a.equals('.config-hash', hashLine(a, last), hashLine(a, first));
  a.equals('ID of the image', a.see(await imageIdNow(world)), world.get('overrideImage').id);
}

import type { AssertionContext } from '../evidence/assertion';
import type { StartedCase } from '../staging/runtime-overrides';
import { asConfigured, faultOf, type Setting, settings } from '../staging/runtime-overrides-cases';
import type { Phase9World } from '../world/world';
import { expectation } from './expectation';
import { reasonIsReported, reasonsFor, refusedFor } from './runtime-overrides';
import {
  configuredAfter,
  ended,
  onlyTheirsChanged,
  pathsChanged,
  ranToTheEnd,
  sameConfiguration,
} from './runtime-overrides-start';

/** The configuration has the value after the start; an origin is one among others. */
function hasValue(a: AssertionContext, { setting, value, start }: StartedCase): void {
  const configured = configuredAfter(a, start);
  if (setting === 'cors') a.includes(`allowed origins after ${start.name}`, configured.cors, value);
  else a.equals(`${setting} after ${start.name}`, configured[setting], asConfigured(setting, value));
}

/** After each start with an inference API the configuration has it, and one of them is not the image's own. */
export function everyInferenceApiTakesEffect(a: AssertionContext, world: Phase9World): void {
  const all = world.get('acceptedStarts').filter(({ setting }) => setting === 'inference-api');
  const first = configuredAfter(a, world.get('firstStart'))['inference-api'];
  for (const one of all) {
    ranToTheEnd(a, one.start);
    hasValue(a, one);
    // What is given beside it counts only where the value is taken.
    const model = one.overrides[settings.model.variable];
    if (model !== undefined) a.equals(`model after ${one.start.name}`, configuredAfter(a, one.start).model, model);
  }
  const others = all.map(({ value }) => value).filter((value) => value !== first);
  a.isNotEmpty("inference APIs that are not the image's own", others);
}

/** Each start with accepted overrides changed what it was given, and nothing else. */
export function nothingElseChanged(a: AssertionContext, world: Phase9World): void {
  const first = world.get('firstStart');
  for (const one of expectation('accepted overrides', world.get('acceptedStarts'))) onlyTheirsChanged(a, one, first);
}

/** The starts with the longest value of `setting`, and with a longer one. */
function longest(world: Phase9World, setting: Setting): readonly [StartedCase, StartedCase] {
  const [allowed, longer] = world.get('longestStarts').filter((one) => one.setting === setting);
  if (!allowed || !longer) throw new Error(`no sandbox was started with the longest ${settings[setting].name}`);
  return [allowed, longer];
}

/** The longest value that is allowed takes effect, whole. */
export function longestTakesEffect(a: AssertionContext, world: Phase9World, setting: Setting): void {
  const [allowed] = longest(world, setting);
  ranToTheEnd(a, allowed.start);
  hasValue(a, allowed);
}

/** A value that is a character longer is refused, and the configuration stays. */
export function longerIsRefused(a: AssertionContext, world: Phase9World, setting: Setting): void {
  const [, longer] = longest(world, setting);
  refusedFor(a, longer, ['exceeds', String(longer.value.length - 1)]);
  sameConfiguration(a, longer.start, world.get('firstStart'));
}

/** The settings that are taken, or left out, as one block; an origin stands by itself. */
const BLOCK = ['model', 'inference-api', 'context-window', 'max-tokens', 'reasoning'] as const;

/**
 * Of all overrides with a wrong one among them, the block that has it is left out, and the other one is as where all are
 * right.
 */
export function wrongOneIsLeftOut(a: AssertionContext, world: Phase9World): void {
  const mixed = world.get('mixedStarts').filter(({ value }) => faultOf(value) === 'invalid');
  const [none, all] = [configuredAfter(a, world.get('firstStart')), configuredAfter(a, world.get('startWithAll'))];
  for (const one of expectation('starts with one wrong value', mixed)) {
    const { stderr } = ranToTheEnd(a, one.start);
    reasonIsReported(a, one, stderr, reasonsFor(one.setting));
    const configured = configuredAfter(a, one.start);
    const [block, origins] = one.setting === 'cors' ? [all, none] : [none, all];
    for (const setting of BLOCK) a.equals(`${setting} after ${one.start.name}`, configured[setting], block[setting]);
    a.equals(`allowed origins after ${one.start.name}`, configured.cors, origins.cors);
  }
}

/** All overrides with a refused one among them end the start, and the configuration stays. */
export function refusedOneChangesNothing(a: AssertionContext, world: Phase9World): void {
  const mixed = world.get('mixedStarts').filter(({ value }) => faultOf(value) === 'control characters');
  for (const one of expectation('starts with one refused value', mixed)) {
    refusedFor(a, one, ['control characters']);
    sameConfiguration(a, one.start, world.get('firstStart'));
  }
}

/** Settings that a text of several lines could be a value of, and how that text has to begin. */
const TEXTS: Partial<Readonly<Record<Setting, RegExp>>> = { model: /^/, cors: /^https?:\/\// };

/**
 * A value of two lines is taken whole or not at all: the configuration stays, or it has both lines as the one value that
 * they are, where that begins as a value must, and nothing else changes.
 */
export function twoLinesAreOneValue(a: AssertionContext, world: Phase9World): void {
  const first = world.get('firstStart');
  for (const one of expectation('starts with two lines', world.get('twoLineStarts'))) {
    ended(a, one.start);
    if (pathsChanged(a, one.start, first).length === 0) continue;
    const form = TEXTS[one.setting];
    a.matches(`${one.setting} that ${one.start.name} took`, one.value, form ?? /^$/, 'a text that the setting allows');
    hasValue(a, one);
    onlyTheirsChanged(a, one, first);
  }
}

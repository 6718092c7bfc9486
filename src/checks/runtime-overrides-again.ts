import type { AssertionContext } from '../evidence/assertion';
import type { GivenStart } from '../staging/runtime-overrides-again';
import { asConfigured, settings, settingsIn } from '../staging/runtime-overrides-cases';
import type { OverrideStart } from '../sut/runtime-overrides';
import type { Phase9World } from '../world/world';
import { bytesOf, configuredAfter, hashMatches, sameConfiguration } from './runtime-overrides-start';

/** The configuration has every override of the start, an origin among others and once. */
function hasThemAll(a: AssertionContext, { overrides, start }: GivenStart, after: OverrideStart = start): void {
  const configured = configuredAfter(a, after);
  for (const setting of settingsIn(overrides)) {
    const value = asConfigured(setting, overrides[settings[setting].variable] ?? '');
    if (setting !== 'cors') a.equals(`${setting} after ${after.name}`, configured[setting], value);
    else a.equals('times that the origin is allowed', configured.cors.filter((one) => one === value).length, 1);
  }
}

/** Without overrides the sandbox has the same configuration after each of its starts. */
export function defaultsAreKept(a: AssertionContext, world: Phase9World): void {
  const again = world.get('firstStartAgain');
  hashMatches(a, again);
  sameConfiguration(a, again, world.get('firstStart'));
}

/** With overrides the sandbox has them after each of its starts, and the same configuration. */
export function overridesAreKept(a: AssertionContext, world: Phase9World): void {
  const [kept, again] = [world.get('keptStart'), world.get('keptStartAgain')];
  hasThemAll(a, kept);
  hashMatches(a, again);
  hasThemAll(a, kept, again);
  sameConfiguration(a, again, kept.start);
}

/** After the later start the configuration has its overrides, and none of the earlier ones' model is left anywhere. */
export function laterOnesReplace(a: AssertionContext, world: Phase9World): void {
  const [kept, other] = [world.get('keptStart'), world.get('otherStart')];
  hashMatches(a, other.start);
  hasThemAll(a, other);
  const earlier = kept.overrides[settings.model.variable] ?? '';
  const text = a.see(other.start.config.map(bytesOf)).toString('utf8');
  a.isNotEmpty('the earlier model', earlier);
  a.isEmpty(
    'lines with the earlier model',
    text.split('\n').filter((line) => line.includes(earlier)),
  );
}

/**
 * A start without overrides finds the configuration of the last start with some, or the image's own: one of them, whole.
 */
export function configurationIsWhole(a: AssertionContext, world: Phase9World): void {
  const bare = world.get('bareStart');
  hashMatches(a, bare);
  const allowed = [world.get('firstStart'), world.get('otherStart').start].map((start) => configuredAfter(a, start));
  a.oneOf(`settings after ${bare.name}`, configuredAfter(a, bare), allowed);
}

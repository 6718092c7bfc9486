import { type DataTable, Given, Then, When } from '@cucumber/cucumber';
import {
  allTakeEffect,
  changesNothingAlone,
  defaultsAreUnchanged,
  firstHashMatches,
  hashIsRecomputed,
  isLeftOut,
  isRefused,
  originIsAdded,
  takesEffect,
  wrongValuesChangeNothing,
} from '../checks/runtime-overrides';
import {
  stageOverrideImage,
  startFirst,
  startLast,
  startWithAccepted,
  startWithWrong,
} from '../staging/runtime-overrides';
import type { Setting } from '../staging/runtime-overrides-cases';
import { action, assertion } from '../world/step-registry';

Given('a sandbox image made from what NemoClaw ships', action(stageOverrideImage));

Given('a first sandbox that was started from the image without overrides', action(startFirst));

When(
  'the operator starts a sandbox with each of these overrides, and one with all five:',
  action((world, table: DataTable) => startWithAccepted(world, table.hashes())),
);

When(
  'the operator starts a sandbox with each of these wrong values:',
  action((world, table: DataTable) => startWithWrong(world, table.hashes())),
);

When('the operator starts a last sandbox from the image without overrides', action(startLast));

Then(
  'the configuration hash of the first sandbox matches its configuration',
  assertion('overrides.baseline.hash-valid', firstHashMatches),
);

Then(
  'the {setting} takes effect',
  assertion('overrides.{setting}.applied', (a, world, setting: Setting) => takesEffect(a, world, setting, 'alone')),
);

Then(
  '(the ){setting} given with the model takes effect',
  assertion('overrides.{setting}.applied', (a, world, setting: Setting) =>
    takesEffect(a, world, setting, 'with the model'),
  ),
);

Then(
  'the configuration hash of the sandbox with the model is new, and matches',
  assertion('overrides.model.hash-recomputed', hashIsRecomputed),
);

Then('the {setting} given alone changes nothing', assertion('overrides.{setting}.alone-ignored', changesNothingAlone));

Then('the browser origin is added to those that the image allows', assertion('overrides.cors.added', originIsAdded));

Then(
  'all five together take effect, in a configuration that OpenClaw accepts',
  assertion('overrides.combined.applied', allTakeEffect),
);

Then(
  "a {setting} with a control character is refused with a reason, before the sandbox's command runs",
  assertion('overrides.{setting}.control-chars-rejected', isRefused),
);

Then(
  'a {setting} that is no positive integer is left out, with a reason',
  assertion('overrides.{setting}.non-integer-rejected', isLeftOut),
);

Then(
  '(an ){setting} with an invalid value is left out, with a reason',
  assertion('overrides.{setting}.invalid-rejected', isLeftOut),
);

Then(
  'a {setting} that is no web address is left out, with a reason',
  assertion('overrides.{setting}.non-http-rejected', isLeftOut),
);

Then(
  "after each wrong value the configuration is the first sandbox's, byte for byte",
  assertion('overrides.rejected.config-unchanged', wrongValuesChangeNothing),
);

Then(
  'the last sandbox equals the first, and the image is unchanged',
  assertion('overrides.defaults-unpolluted', defaultsAreUnchanged),
);

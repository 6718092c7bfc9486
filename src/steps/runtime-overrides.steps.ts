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
  everyInferenceApiTakesEffect,
  longerIsRefused,
  longestTakesEffect,
  nothingElseChanged,
  refusedOneChangesNothing,
  twoLinesAreOneValue,
  wrongOneIsLeftOut,
} from '../checks/runtime-overrides-bounds';
import {
  startFirst,
  startLast,
  startWithAccepted,
  startWithLongest,
  startWithOneWrong,
  startWithTwoLines,
  startWithWrong,
} from '../staging/runtime-overrides';
import type { Setting } from '../staging/runtime-overrides-cases';
import { stageOverrideImage } from '../staging/runtime-overrides-image';
import { action, assertion } from '../world/step-registry';

Given('a sandbox image made from what NemoClaw ships', action(stageOverrideImage));

Given('a first sandbox that was started from the image without overrides', action(startFirst));

When(
  'the operator starts a sandbox with each of these overrides, and one with all of them:',
  action((world, table: DataTable) => startWithAccepted(world, table.hashes())),
);

When(
  'the operator starts a sandbox with each of these wrong values:',
  action((world, table: DataTable) => startWithWrong(world, table.hashes())),
);

When(
  'the operator starts a sandbox with a value of {int} characters for each of these, and one with a character more:',
  action((world, longest: number, table: DataTable) => startWithLongest(world, longest, table.hashes())),
);

When(
  'the operator starts a sandbox with all of them, each time with one of the wrong values',
  action(startWithOneWrong),
);

When(
  'the operator starts a sandbox with each of these values of two lines:',
  action((world, table: DataTable) => startWithTwoLines(world, table.hashes())),
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
  'all of them together take effect, in a configuration that OpenClaw accepts',
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

Then(
  'every inference API that is accepted takes effect',
  assertion('overrides.inference-api.applied', everyInferenceApiTakesEffect),
);

Then(
  'the {setting} given with the inference API takes effect',
  assertion('overrides.{setting}.with-inference-api', (a, world, setting: Setting) =>
    takesEffect(a, world, setting, 'with the inference API'),
  ),
);

Then('nothing changes but what the operator gave', assertion('overrides.applied.nothing-else', nothingElseChanged));

Then('the longest {setting} takes effect', assertion('overrides.{setting}.longest-applied', longestTakesEffect));

Then(
  'a longer {setting} is refused with a reason, and changes nothing',
  assertion('overrides.{setting}.too-long-rejected', longerIsRefused),
);

Then(
  'a wrong value among right ones leaves out what belongs to it, and no more',
  assertion('overrides.combined.wrong-left-out', wrongOneIsLeftOut),
);

Then(
  'a refused value among right ones ends the start, and changes nothing',
  assertion('overrides.combined.refused-unchanged', refusedOneChangesNothing),
);

Then(
  'a value of two lines is taken as one value, or not at all',
  assertion('overrides.two-lines.whole-or-none', twoLinesAreOneValue),
);

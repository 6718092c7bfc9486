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
  configurationIsWhole,
  defaultsAreKept,
  laterOnesReplace,
  overridesAreKept,
} from '../checks/runtime-overrides-again';
import {
  agentKnowsContextWindow,
  agentListsModel,
  modelIsTakenOverEverywhere,
  turnUsesMaxTokens,
  turnUsesModel,
} from '../checks/runtime-overrides-agent';
import {
  everyInferenceApiTakesEffect,
  longerIsRefused,
  longestTakesEffect,
  nothingElseChanged,
  refusedOneChangesNothing,
  twoLinesAreOneValue,
  wrongOneIsLeftOut,
} from '../checks/runtime-overrides-bounds';
import { linkIsRefused, linkTargetsAreUntouched } from '../checks/runtime-overrides-links';
import {
  startFirst,
  startLast,
  startWithAccepted,
  startWithLongest,
  startWithOneWrong,
  startWithTwoLines,
  startWithWrong,
} from '../staging/runtime-overrides';
import {
  startBothAgain,
  startWithKeptState,
  startWithOthers,
  startWithoutAny,
} from '../staging/runtime-overrides-again';
import { startAgentWith } from '../staging/runtime-overrides-agent';
import type { Setting } from '../staging/runtime-overrides-cases';
import { stageOverrideImage } from '../staging/runtime-overrides-image';
import { startWithLinks } from '../staging/runtime-overrides-links';
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

When(
  'the operator starts a sandbox with these overrides, and lets its agent list its models and take a turn:',
  action((world, table: DataTable) => startAgentWith(world, table.hashes())),
);

Then(
  'every place in the configuration that names a model names the given one',
  assertion('overrides.model.everywhere', modelIsTakenOverEverywhere),
);

Then(
  'the agent lists that model alone, as its default, and as available',
  assertion('overrides.model.listed-by-agent', agentListsModel),
);

Then('the agent takes a turn with that model', assertion('overrides.model.used-in-turn', turnUsesModel));

Then(
  'the agent asks for no longer response than was given',
  assertion('overrides.max-tokens.used-in-turn', turnUsesMaxTokens),
);

Then(
  'the agent counts with the context window that was given',
  assertion('overrides.context-window.known-to-agent', agentKnowsContextWindow),
);

When(
  'the operator starts a sandbox whose state is kept, with these overrides:',
  action((world, table: DataTable) => startWithKeptState(world, table.hashes())),
);

When('the operator starts both sandboxes again', action(startBothAgain));

When(
  'the operator starts another sandbox on the kept state, with other overrides:',
  action((world, table: DataTable) => startWithOthers(world, table.hashes())),
);

When('the operator starts another sandbox on the kept state, without overrides', action(startWithoutAny));

Then(
  'the sandbox without overrides has the same configuration after each start',
  assertion('overrides.again.defaults-kept', defaultsAreKept),
);

Then(
  'the sandbox with overrides has each of them after each start, and once',
  assertion('overrides.again.applied', overridesAreKept),
);

Then(
  'the later overrides take effect, and no place names the earlier model',
  assertion('overrides.again.replaced', laterOnesReplace),
);

Then(
  "the sandbox without overrides on the kept state has the later ones or the image's own values, never a mixture",
  assertion('overrides.again.whole', configurationIsWhole),
);

When(
  'in each of these sandboxes the agent puts a link, and the operator starts the sandbox again:',
  action((world, table: DataTable) => startWithLinks(world, table.hashes())),
);

Then(
  "each start with an override is refused with a reason, before the sandbox's command runs",
  assertion('overrides.link.refused', linkIsRefused),
);

Then('no file of root was changed or made', assertion('overrides.link.target-untouched', linkTargetsAreUntouched));

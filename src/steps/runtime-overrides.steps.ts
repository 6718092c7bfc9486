import { Given, Then, When } from '@cucumber/cucumber';
import {
  accepted,
  changedConfigs,
  ended,
  hashIsTrue,
  hashLine,
  holds,
  isSkipped,
  sameConfig,
  saysWhy,
  setupAfter,
  wentOn,
  withWrong,
} from '../checks/runtime-overrides';
import {
  imageIdNow,
  stageOverrideImage,
  startWithAccepted,
  startWithNone,
  startWithWrong,
} from '../staging/runtime-overrides';
import { wished, wrongKinds } from '../staging/runtime-overrides-cases';
import { action, assertion } from '../world/step-registry';

Given('a sandbox image made from what NemoClaw ships', action(stageOverrideImage));

Given(
  'a first sandbox that was started from it without overrides',
  action(async (world) => world.set({ firstStart: await startWithNone(world, 'first') })),
);

When(
  'the operator starts sandboxes from it, each with other overrides that NemoClaw accepts',
  action(async (world) => world.set({ acceptedStarts: await startWithAccepted(world) })),
);

When(
  'the operator starts sandboxes from it, each with another override that is wrong',
  action(async (world) => world.set({ wrongStarts: await startWithWrong(world) })),
);

When(
  'the operator starts a last sandbox from it without overrides',
  action(async (world) => world.set({ lastStart: await startWithNone(world, 'last') })),
);

Then(
  'the hash of the first sandbox is true of its configuration',
  assertion('overrides.baseline.hash-valid', (a, world) => hashIsTrue(a, world.get('firstStart'))),
);

Then(
  'a sandbox with another model uses that model',
  assertion('overrides.model.applied', (a, world) =>
    holds(a, world, 'model', 'model', wished.model, world.get('firstStart')),
  ),
);

Then(
  'its hash was made anew and is true of its configuration',
  assertion('overrides.model.hash-recomputed', (a, world) => {
    const start = accepted(world, 'model');
    const line = hashLine(a, start);
    const before = hashLine(a, world.get('firstStart'));
    a.that('.config-hash', line, 'another than without overrides', line.slice(0, 64) !== before.slice(0, 64));
    hashIsTrue(a, start);
  }),
);

Then(
  'a context window that comes with a model holds',
  assertion('overrides.context-window.applied', (a, world) =>
    holds(a, world, 'contextWindow', 'contextWindow', wished.contextWindow, accepted(world, 'model')),
  ),
);

Then(
  'a context window that comes alone changes nothing',
  assertion('overrides.context-window.alone-ignored', (a, world) => {
    const start = accepted(world, 'contextWindowAlone');
    wentOn(a, start);
    sameConfig(a, start, world.get('firstStart'));
  }),
);

Then(
  'a longest answer that comes with a model holds',
  assertion('overrides.max-tokens.applied', (a, world) =>
    holds(a, world, 'maxTokens', 'maxTokens', wished.maxTokens, accepted(world, 'model')),
  ),
);

Then(
  'reasoning that comes with a model is switched on',
  assertion('overrides.reasoning.applied', (a, world) =>
    holds(a, world, 'reasoning', 'reasoning', wished.reasoning, accepted(world, 'model')),
  ),
);

Then(
  'an origin for browsers is added to those that the image allows',
  assertion('overrides.cors.added', (a, world) => {
    const start = accepted(world, 'origin');
    wentOn(a, start);
    const { origins } = setupAfter(a, world.get('firstStart'));
    a.that('origins without overrides', origins, 'one at least', origins.length > 0);
    a.equals('origins', setupAfter(a, start).origins, [...origins, wished.origin].sort());
  }),
);

Then(
  'all five together hold, in a configuration that OpenClaw accepts',
  assertion('overrides.combined.applied', (a, world) => {
    const start = accepted(world, 'allFive');
    wentOn(a, start);
    const { origin, ...others } = wished;
    const { origins, api } = setupAfter(a, world.get('firstStart'));
    a.equals('the five', setupAfter(a, start), { ...others, api, origins: [...origins, origin].sort() });
    a.equals("exit status of OpenClaw's own validation", a.see(start.payload).command, '0');
  }),
);

Then(
  'a model with a control character is refused: the sandbox ends before its command, and says why',
  assertion('overrides.model.control-chars-rejected', (a, world) => {
    for (const { variable, value, start } of withWrong(world, 'controlCharacter')) {
      const { exit, ran, stderr } = ended(a, start);
      a.equals(`exit status of ${start.name}`, exit, 1);
      a.equals(`the command of ${start.name}`, ran ? 'ran' : 'never ran', 'never ran');
      saysWhy(a, stderr, variable, value, ['control characters']);
    }
  }),
);

Then(
  'a context window that is no positive integer is left out, and the sandbox says why',
  assertion('overrides.context-window.non-integer-rejected', (a, world) =>
    isSkipped(a, world, 'contextWindow', 'contextWindow', ['must be a positive integer']),
  ),
);

Then(
  'a longest answer that is no positive integer is left out, and the sandbox says why',
  assertion('overrides.max-tokens.non-integer-rejected', (a, world) =>
    isSkipped(a, world, 'maxTokens', 'maxTokens', ['must be a positive integer']),
  ),
);

Then(
  'reasoning that is neither true nor false is left out, and the sandbox says why',
  assertion('overrides.reasoning.invalid-rejected', (a, world) =>
    isSkipped(a, world, 'reasoning', 'reasoning', ['must be "true" or "false"']),
  ),
);

Then(
  'an origin that is no web address is left out, and the sandbox says why',
  assertion('overrides.cors.non-http-rejected', (a, world) =>
    isSkipped(a, world, 'origin', 'origins', ['must start with http']),
  ),
);

Then(
  'an inference API that does not exist is left out, and the sandbox names those that do',
  assertion('overrides.inference-api.invalid-rejected', (a, world) =>
    isSkipped(a, world, 'inferenceApi', 'api', ['openai-completions', 'anthropic-messages']),
  ),
);

Then(
  'after each wrong override the configuration is as in the first sandbox, to the last byte',
  assertion('overrides.rejected.config-unchanged', (a, world) => {
    for (const { start } of wrongKinds.flatMap((kind) => withWrong(world, kind))) {
      ended(a, start);
      sameConfig(a, start, world.get('firstStart'));
    }
  }),
);

Then(
  'the last sandbox is as the first, and the image is the same',
  assertion('overrides.defaults-unpolluted', async (a, world) => {
    const [first, last] = [world.get('firstStart'), world.get('lastStart')];
    const changed = changedConfigs(a, world);
    a.that('overrides in between that changed a configuration', changed, 'one at least', changed > 0);
    wentOn(a, last);
    sameConfig(a, last, first);
    a.equals('.config-hash', hashLine(a, last), hashLine(a, first));
    a.equals('the image', a.see(await imageIdNow(world)), world.get('overrideImage').id);
  }),
);

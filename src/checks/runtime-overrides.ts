import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { wrongStartName } from '../staging/runtime-overrides';
import type { AcceptedCase, WrongCase, WrongValue } from '../staging/runtime-overrides-cases';
import { wrongValues } from '../staging/runtime-overrides-cases';
import { jsonDifferences } from '../sut/json-differences';
import { hashCovers, type OverrideStart, type StartSeen } from '../sut/runtime-overrides';
import type { FileSeen } from '../sut/sandbox';
import type { Phase9World } from '../world/world';

const modelSchema = z.looseObject({
  id: z.unknown(),
  contextWindow: z.unknown(),
  maxTokens: z.unknown(),
  reasoning: z.unknown(),
});

const providerSchema = z.looseObject({ api: z.unknown(), models: z.array(modelSchema) });

/** What overrides change in OpenClaw's configuration; everything else is kept as it is. */
const configSchema = z.looseObject({
  agents: z.looseObject({ defaults: z.looseObject({ model: z.looseObject({ primary: z.unknown() }) }) }),
  models: z.looseObject({ providers: z.record(z.string(), providerSchema) }),
  gateway: z.looseObject({ controlUi: z.looseObject({ allowedOrigins: z.array(z.unknown()) }) }),
});

/** What overrides set. */
export interface Setup {
  readonly model: unknown;
  readonly api: unknown;
  readonly contextWindow: unknown;
  readonly maxTokens: unknown;
  readonly reasoning: unknown;
  readonly origins: readonly unknown[];
}

/** The bytes of a file that must be there. @throws when it is not. */
function bytesOf(file: FileSeen): Buffer {
  if (!file.there) throw new Error('no regular file there');
  return file.bytes;
}

/** The start ended by itself, and all that it printed arrived. */
export function ended(a: AssertionContext, { name, outcome }: OverrideStart): StartSeen {
  const seen = a.see(outcome);
  a.equals(`how ${name} ended`, seen.ended, 'exited');
  a.that(`the output of ${name}`, seen.whole ? 'whole' : seen.stderr, 'whole', seen.whole);
  return seen;
}

/** The start went on to the command it was meant for, and that ran to its end. */
export function wentOn(a: AssertionContext, start: OverrideStart): StartSeen {
  const seen = ended(a, start);
  a.equals(`exit status of ${start.name}`, seen.exit, 0);
  a.equals(
    `the command of ${start.name}`,
    a.see(start.payload).toTheEnd ? 'ran to its end' : 'did not',
    'ran to its end',
  );
  return seen;
}

/** openclaw.json after the start is what it was after the other one, to the last byte. */
export function sameConfig(a: AssertionContext, start: OverrideStart, as: OverrideStart): void {
  const expected = a.see(as.config.map(bytesOf));
  const observed = a.see(start.config.map(bytesOf));
  const same = observed.equals(expected);
  a.that(
    `openclaw.json after ${start.name}`,
    same ? 'the same bytes' : whatDiffers(expected, observed),
    'the same bytes',
    same,
  );
}

function whatDiffers(before: Buffer, after: Buffer): readonly string[] | string {
  try {
    const found = jsonDifferences(before.toString('utf8'), after.toString('utf8'));
    return found.length > 0 ? found : 'the same JSON, written otherwise';
  } catch {
    return after.toString('utf8');
  }
}

/** What .config-hash holds after the start; words where it is not there. */
export function hashLine(a: AssertionContext, start: OverrideStart): string {
  const file = a.see(start.hash);
  return file.there ? file.bytes.toString('utf8') : 'no such file';
}

/** How many of the accepted overrides made a configuration other than that of the first start. */
export function changedConfigs(a: AssertionContext, world: Phase9World): number {
  const first = a.see(world.get('firstStart').config.map(bytesOf));
  const all = [...world.get('acceptedStarts').values()].map((start) => a.see(start.config.map(bytesOf)));
  return all.filter((one) => !one.equals(first)).length;
}

/** What openclaw.json says of the five things after the start: of the first provider's first model, as the ledger has it. */
export function setupAfter(a: AssertionContext, start: OverrideStart): Setup {
  return a.see(
    start.config.map((file): Setup => {
      const { agents, models, gateway } = configSchema.parse(JSON.parse(bytesOf(file).toString('utf8')));
      const [provider] = Object.values(models.providers);
      const [model] = provider?.models ?? [];
      if (!provider || !model) throw new Error('the first provider has no model');
      const { contextWindow, maxTokens, reasoning } = model;
      // A set to browsers: its order says nothing.
      const origins = [...gateway.controlUi.allowedOrigins].sort();
      return { model: agents.defaults.model.primary, api: provider.api, contextWindow, maxTokens, reasoning, origins };
    }),
  );
}

/** .config-hash is true of openclaw.json: by the tool in the sandbox, and by the bytes of both. */
export function hashIsTrue(a: AssertionContext, start: OverrideStart): void {
  wentOn(a, start);
  a.equals('exit status of sha256sum -c in the sandbox', a.see(start.payload).hash, '0');
  const line = hashLine(a, start);
  const bytes = a.see(start.config.map(bytesOf));
  a.that('.config-hash', line, 'one line with the SHA-256 of openclaw.json', hashCovers(line, bytes));
}

/** The start with these accepted overrides. @throws when there was none. */
export function accepted(world: Phase9World, name: AcceptedCase): OverrideStart {
  const start = world.get('acceptedStarts').get(name);
  if (!start) throw new Error(`no sandbox was started with ${name}`);
  return start;
}

/** The starts with a wrong value of this kind, each with that value. @throws when there was none. */
export function withWrong(world: Phase9World, kind: WrongCase): readonly (WrongValue & { start: OverrideStart })[] {
  return wrongValues[kind].map((value, index) => {
    const name = wrongStartName(kind, index);
    const start = world.get('wrongStarts').get(name);
    if (!start) throw new Error(`no sandbox was started with ${name}`);
    return { ...value, start };
  });
}

/** One thing that the overrides of a start set: it holds, and is another in the start `without` that override. */
export function holds(
  a: AssertionContext,
  world: Phase9World,
  name: AcceptedCase,
  thing: keyof Setup,
  to: unknown,
  without: OverrideStart,
): void {
  const start = accepted(world, name);
  wentOn(a, start);
  a.equals(`${thing} after ${start.name}`, setupAfter(a, start)[thing], to);
  const otherwise = setupAfter(a, without)[thing];
  a.that(`${thing} after ${without.name}`, otherwise, 'another', otherwise !== to);
}

/** The start went on without the override of `thing`, and one line of its stderr names the variable and says why. */
export function isSkipped(
  a: AssertionContext,
  world: Phase9World,
  kind: WrongCase,
  thing: keyof Setup,
  reason: readonly string[],
): void {
  const before = setupAfter(a, world.get('firstStart'))[thing];
  for (const { variable, value, start } of withWrong(world, kind)) {
    const { stderr } = wentOn(a, start);
    saysWhy(a, stderr, variable, value, reason);
    a.equals(`${thing} after ${start.name}`, setupAfter(a, start)[thing], before);
  }
}

export function saysWhy(
  a: AssertionContext,
  stderr: string,
  variable: string,
  value: string,
  reason: readonly string[],
): void {
  const line = stderr.split('\n').find((one) => [variable, ...reason].every((words) => one.includes(words)));
  const what = `what stderr says of ${variable}=${JSON.stringify(value)}`;
  a.that(what, line ?? stderr, `a line with ${[variable, ...reason].join(', ')}`, line !== undefined);
}

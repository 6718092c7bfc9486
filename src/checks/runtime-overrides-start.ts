import { z } from 'zod';
import type { AssertionContext } from '../evidence/assertion';
import { type Overrides, type Setting, settingsIn } from '../staging/runtime-overrides-cases';
import { changedPaths, jsonDifferences } from '../sut/json-differences';
import { hashCovers, type OverrideStart, type StartOutcome, type StartSeen } from '../sut/runtime-overrides';
import type { FileSeen } from '../sut/sandbox';

const modelSchema = z.looseObject({
  id: z.unknown(),
  contextWindow: z.unknown(),
  maxTokens: z.unknown(),
  reasoning: z.unknown(),
});

const providerSchema = z.looseObject({ api: z.unknown(), models: z.array(modelSchema) });

/** The parts of OpenClaw's configuration that overrides change. */
const configSchema = z.looseObject({
  agents: z.looseObject({ defaults: z.looseObject({ model: z.looseObject({ primary: z.unknown() }) }) }),
  models: z.looseObject({ providers: z.record(z.string(), providerSchema) }),
  gateway: z.looseObject({ controlUi: z.looseObject({ allowedOrigins: z.array(z.unknown()) }) }),
});

/** The settings' values in a configuration. */
type Configured = Readonly<Record<Exclude<Setting, 'cors'>, unknown>> & {
  /** The origins that browsers may come from, sorted: their order means nothing. */
  readonly cors: readonly unknown[];
};

/** The bytes of a file that must exist. @throws when it does not */
export function bytesOf(file: FileSeen): Buffer {
  if (!file.there) throw new Error('there is no regular file');
  return file.bytes;
}

/** The start ended by itself, and its whole output arrived. */
export function ended(a: AssertionContext, { name, outcome }: StartOutcome): StartSeen {
  const seen = a.see(outcome);
  a.equals(`how ${name} ended`, seen.ended, 'exited');
  a.isTrue(`the whole output of ${name} arrived`, seen.whole);
  return seen;
}

/** The start reached the command that it was meant for, and that ran to its end. */
export function ranToTheEnd(a: AssertionContext, start: OverrideStart): StartSeen {
  const seen = ended(a, start);
  a.equals(`exit status of ${start.name}`, seen.exit, 0);
  a.isTrue(`the command of ${start.name} ran to its end`, a.see(start.payload).toTheEnd);
  return seen;
}

/** openclaw.json is the same after both starts, byte for byte. */
export function sameConfiguration(a: AssertionContext, start: OverrideStart, other: OverrideStart): void {
  const expected = a.see(other.config.map(bytesOf));
  const observed = a.see(start.config.map(bytesOf));
  const found = observed.equals(expected) ? [] : differences(expected, observed);
  a.isEmpty(`differences of openclaw.json after ${start.name}`, found);
}

function differences(before: Buffer, after: Buffer): readonly string[] {
  try {
    const found = jsonDifferences(before.toString('utf8'), after.toString('utf8'));
    return found.length > 0 ? found : ['the same JSON with other bytes'];
  } catch {
    return [`no JSON: ${after.toString('utf8')}`];
  }
}

/** The content of .config-hash after the start; words where there is no such file. */
export function hashLine(a: AssertionContext, start: OverrideStart): string {
  const file = a.see(start.hash);
  return file.there ? file.bytes.toString('utf8') : 'no such file';
}

/** .config-hash matches openclaw.json: by the tool in the sandbox, and by the bytes of both. */
export function hashMatches(a: AssertionContext, start: OverrideStart): void {
  ranToTheEnd(a, start);
  a.equals('exit status of sha256sum -c in the sandbox', a.see(start.payload).hash, '0');
  const line = hashLine(a, start);
  const bytes = a.see(start.config.map(bytesOf));
  a.that('.config-hash', line, 'one line with the SHA-256 of openclaw.json', hashCovers(line, bytes));
}

/** The settings after the start: those of the first provider's first model, as the ledger defines it. */
export function configuredAfter(a: AssertionContext, start: OverrideStart): Configured {
  return a.see(
    start.config.map((file): Configured => {
      const { agents, models, gateway } = configSchema.parse(JSON.parse(bytesOf(file).toString('utf8')));
      const [provider] = Object.values(models.providers);
      const [model] = provider?.models ?? [];
      if (!provider || !model) throw new Error('the first provider has no model');
      return {
        model: agents.defaults.model.primary,
        'inference-api': provider.api,
        'context-window': model.contextWindow,
        'max-tokens': model.maxTokens,
        reasoning: model.reasoning,
        cors: [...gateway.controlUi.allowedOrigins].sort(),
      };
    }),
  );
}

/** Where each setting stands in OpenClaw's configuration, by the paths of its leaves. */
const OWN_PATHS: Readonly<Record<Setting, RegExp>> = {
  model: /^(?:agents\.defaults\.model\.primary|models\.providers\..+\.models\.\d+\.(?:id|name))$/,
  'context-window': /^models\.providers\..+\.models\.\d+\.contextWindow$/,
  'max-tokens': /^models\.providers\..+\.models\.\d+\.maxTokens$/,
  reasoning: /^models\.providers\..+\.models\.\d+\.reasoning$/,
  cors: /^gateway\.controlUi\.allowedOrigins\.\d+$/,
  'inference-api': /^models\.providers\.[^.]+\.api$/,
};

/** The paths at which openclaw.json differs between two starts. */
export function pathsChanged(a: AssertionContext, start: OverrideStart, before: OverrideStart): readonly string[] {
  const [was, is] = [a.see(before.config.map(bytesOf)), a.see(start.config.map(bytesOf))];
  return was.equals(is) ? [] : changedPaths(was.toString('utf8'), is.toString('utf8'));
}

/** Between both starts, openclaw.json changed at no path but those of the settings that the later one was given. */
export function onlyTheirsChanged(
  a: AssertionContext,
  { start, overrides }: { readonly start: OverrideStart; readonly overrides: Overrides },
  before: OverrideStart,
): void {
  const own = settingsIn(overrides).map((setting) => OWN_PATHS[setting]);
  const others = pathsChanged(a, start, before).filter((path) => !own.some((pattern) => pattern.test(path)));
  a.isEmpty(`changes by ${start.name} that it was not asked for`, others);
}

import { describe, it } from 'node:test';
import { expect } from 'chai';
import { holds, isSkipped } from '../../src/checks/runtime-overrides';
import { AssertionContext } from '../../src/evidence/assertion';
import { Observation } from '../../src/evidence/observation';
import { wrongStartName } from '../../src/staging/runtime-overrides';
import { wished } from '../../src/staging/runtime-overrides-cases';
import type { OverrideStart } from '../../src/sut/runtime-overrides';
import { Phase9World } from '../../src/world/world';

const built = { model: 'built/in', api: 'openai-completions', contextWindow: 131072, reasoning: false };

/** A start that printed `stderr`, went on to its command, and left this configuration. */
function started(
  name: string,
  { stderr = '', ...changed }: Partial<typeof built> & { stderr?: string },
): OverrideStart {
  const { model, api, contextWindow, reasoning } = { ...built, ...changed };
  const entry = { boundary: 'sandbox', kind: 'file', source: name, startedAt: '', finishedAt: '', seen: {} } as const;
  const seen = <T>(value: T) => new Observation(value, entry);
  const config = {
    agents: { defaults: { model: { primary: model } } },
    models: { providers: { inference: { api, models: [{ id: model, contextWindow, maxTokens: 4096, reasoning }] } } },
    gateway: { controlUi: { allowedOrigins: [] } },
  };
  const bytes = Buffer.from(JSON.stringify(config));
  return {
    name,
    outcome: seen({ ended: 'exited', exit: 0, stderr, whole: true, ran: true } as const),
    payload: seen({ hash: '0', command: undefined, toTheEnd: true }),
    config: seen({ there: true, bytes, sha256: '' } as const),
    hash: seen({ there: false } as const),
  };
}

function world(facts: Parameters<Phase9World['set']>[0]): Phase9World {
  const one = new Phase9World({
    attach: async () => undefined,
    log: () => undefined,
    link: () => undefined,
    parameters: { profile: 'reference' },
  });
  one.set({ firstStart: started('first', {}), ...facts });
  return one;
}

const wrongThings = (a: AssertionContext) => a.comparisons.filter((one) => !one.holds).map(({ what }) => what);

describe('an override that is to be left out', () => {
  const stderr = 'NEMOCLAW_INFERENCE_API_OVERRIDE must be "openai-completions" or "anthropic-messages"';
  const judged = (second: Parameters<typeof started>[1]) => {
    const starts = [{ stderr }, second].map((one, index) => started(wrongStartName('inferenceApi', index), one));
    const a = new AssertionContext();
    const wrongStarts = new Map(starts.map((one) => [one.name, one]));
    isSkipped(a, world({ wrongStarts }), 'inferenceApi', 'api', ['openai-completions', 'anthropic-messages']);
    return wrongThings(a);
  };

  it('is so where the sandbox says why and has what it had', () => {
    expect(judged({ stderr })).to.deep.equal([]);
  });

  it('is not where the sandbox says why, and has it all the same', () => {
    expect(judged({ stderr, api: 'openai-responses' })).to.deep.equal(['api after wrong-inferenceApi-1']);
  });

  it('is not where the sandbox has what it had, and says nothing', () => {
    expect(judged({})).to.deep.equal(['what stderr says of NEMOCLAW_INFERENCE_API_OVERRIDE="openai-responses"']);
  });
});

describe('an override that comes with a model', () => {
  const judged = (model: Parameters<typeof started>[1]) => {
    const a = new AssertionContext();
    const acceptedStarts = new Map([['reasoning' as const, started('reasoning', { reasoning: true })]]);
    holds(a, world({ acceptedStarts }), 'reasoning', 'reasoning', wished.reasoning, started('model', model));
    return wrongThings(a);
  };

  it('holds where the model alone has another value', () => {
    expect(judged({})).to.deep.equal([]);
  });

  it('does not where the model alone brings the same', () => {
    expect(judged({ reasoning: true })).to.deep.equal(['reasoning after model']);
  });
});

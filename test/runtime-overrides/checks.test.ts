import { describe, it } from 'node:test';
import { expect } from 'chai';
import { isLeftOut, takesEffect } from '../../src/checks/runtime-overrides';
import { AssertionContext } from '../../src/evidence/assertion';
import { Observation } from '../../src/evidence/observation';
import type { Given, Setting } from '../../src/staging/runtime-overrides-cases';
import type { OverrideStart } from '../../src/sut/runtime-overrides';
import { Phase9World } from '../../src/world/world';

const built = { model: 'built/in', api: 'openai-completions', contextWindow: 131072, reasoning: false };

/** A start that printed `stderr`, ran its command to the end, and left this configuration. */
function started(
  name: string,
  { stderr = '', ...changed }: Partial<Record<keyof typeof built, unknown>> & { stderr?: string },
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

function world(state: Parameters<Phase9World['set']>[0]): Phase9World {
  const one = new Phase9World({
    attach: async () => undefined,
    log: () => undefined,
    link: () => undefined,
    parameters: { profile: 'reference' },
  });
  one.set({ firstStart: started('first', {}), ...state });
  return one;
}

const failures = (a: AssertionContext) => a.comparisons.filter((one) => !one.holds).map(({ what }) => what);

/** A start of the scenario, as staging keeps it. */
function startedCase(
  name: string,
  about: { readonly setting: Setting; readonly value: string; readonly given: Given },
  how: Parameters<typeof started>[1],
) {
  return { ...about, name, overrides: {}, start: started(name, how) };
}

describe('an override that is to be left out', () => {
  const stderr = 'NEMOCLAW_INFERENCE_API_OVERRIDE must be "openai-completions" or "anthropic-messages"';
  const judged = (second: Parameters<typeof started>[1]) => {
    const about = { setting: 'inference-api', value: 'graphql', given: 'with the model' } as const;
    const wrongStarts = [{ stderr }, second].map((how, index) => startedCase(`wrong-${index}`, about, how));
    const a = new AssertionContext();
    isLeftOut(a, world({ wrongStarts }), 'inference-api');
    return failures(a);
  };

  it('passes where the sandbox reports the reason and keeps its configuration', () => {
    expect(judged({ stderr })).to.deep.equal([]);
  });

  it('fails where the sandbox reports the reason, and has the value nevertheless', () => {
    expect(judged({ stderr, api: 'openai-responses' })).to.deep.equal(['inference-api after wrong-1']);
  });

  it('fails where the sandbox keeps its configuration, and reports nothing', () => {
    const [what = '', ...others] = judged({});
    expect(what).to.match(/^lines of stderr about NEMOCLAW_INFERENCE_API_OVERRIDE="graphql" with the reason: openai-/);
    expect(others).to.deep.equal([]);
  });

  it('is an error without any wrong value', () => {
    expect(() => isLeftOut(new AssertionContext(), world({ wrongStarts: [] }), 'cors')).to.throw(
      'wrong browser origin',
    );
  });
});

describe('an override that is given with a model', () => {
  const judged = (reasoning: unknown, withModelAlone: Parameters<typeof started>[1]) => {
    const a = new AssertionContext();
    const acceptedStarts = [
      startedCase('model', { setting: 'model', value: 'another', given: 'alone' }, withModelAlone),
      startedCase('reasoning', { setting: 'reasoning', value: 'true', given: 'with the model' }, { reasoning }),
    ];
    takesEffect(a, world({ acceptedStarts }), 'reasoning', 'with the model');
    return failures(a);
  };

  it('passes where the model alone leaves another value', () => {
    expect(judged(true, {})).to.deep.equal([]);
  });

  it('fails where the model alone brings the same value', () => {
    expect(judged(true, { reasoning: true })).to.deep.equal(['reasoning after model']);
  });

  it('fails where the configuration has the value as text', () => {
    expect(judged('true', {})).to.deep.equal(['reasoning after reasoning']);
  });
});

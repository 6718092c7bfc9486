import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { expect } from 'chai';

const script = join(__dirname, '..', '..', 'tree', 'agents', 'openclaw', 'apply-overrides.py');
const noPython = spawnSync('python3', ['--version']).error ? 'this host has no python3 to run the script with' : false;

const config = {
  agents: { defaults: { model: { primary: 'inference/one' } } },
  models: {
    providers: {
      inference: {
        api: 'openai-completions',
        models: [{ id: 'one', name: 'inference/one', reasoning: false, contextWindow: 131072, maxTokens: 4096 }],
      },
    },
  },
  gateway: { controlUi: { allowedOrigins: ['http://127.0.0.1:18789'] } },
};
const baked = JSON.stringify(config, null, 2);

describe('the overrides of one start', { skip: noPython }, () => {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'apply-overrides-'));
    writeFileSync(join(directory, 'openclaw.json'), baked);
    writeFileSync(join(directory, '.config-hash'), 'as baked\n');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const apply = (environment: Record<string, string>) => {
    const { status, stderr } = spawnSync('python3', ['-IS', script, directory], {
      env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', ...environment },
      encoding: 'utf8',
    });
    return { status, lines: stderr.split('\n').filter(Boolean) };
  };
  const text = (name: string): string => readFileSync(join(directory, name), 'utf8');
  const now = () => JSON.parse(text('openclaw.json')) as typeof config;
  const untouched = () => {
    expect(text('openclaw.json')).to.equal(baked);
    expect(text('.config-hash')).to.equal('as baked\n');
  };
  const image = { NEMOCLAW_CONTEXT_WINDOW: '131072', NEMOCLAW_MAX_TOKENS: '4096', NEMOCLAW_REASONING: 'false' };

  it('are none where none are given: limits alone count as none, even wrong ones', () => {
    for (const environment of [{}, image, { NEMOCLAW_CONTEXT_WINDOW: 'x', NEMOCLAW_REASONING: 'maybe' }])
      expect(apply(environment)).to.deep.equal({ status: 0, lines: [] });
    untouched();
  });

  it('name the model wherever it stands, and the hash follows under the relative name', () => {
    const { status, lines } = apply({ ...image, NEMOCLAW_MODEL_OVERRIDE: 'a/b' });
    expect(status).to.equal(0);
    expect(lines).to.deep.equal([
      '[config] Applying model override: a/b',
      '[config] Applying context window override: 131072',
      '[config] Applying max tokens override: 4096',
      '[config] Applying reasoning override: false',
      '[SECURITY] Config hash recomputed after model override',
    ]);
    expect(now().agents.defaults.model.primary).to.equal('a/b');
    expect(now().models.providers.inference.models[0]).to.include({ id: 'a/b', name: 'a/b' });
    const digest = createHash('sha256').update(text('openclaw.json')).digest('hex');
    expect(text('.config-hash')).to.equal(`${digest}  openclaw.json\n`);
    expect(readdirSync(directory).sort()).to.deep.equal(['.config-hash', 'openclaw.json']);
  });

  it('change limits with a model or an API, and leave a field alone whose variable is empty', () => {
    apply({ ...image, NEMOCLAW_INFERENCE_API_OVERRIDE: 'anthropic-messages', NEMOCLAW_REASONING: 'true' });
    expect(now().models.providers.inference.api).to.equal('anthropic-messages');
    expect(now().models.providers.inference.models[0]).to.include({ id: 'one', reasoning: true });
    apply({ NEMOCLAW_MODEL_OVERRIDE: 'a/b', NEMOCLAW_CONTEXT_WINDOW: '', NEMOCLAW_MAX_TOKENS: '1' });
    expect(now().models.providers.inference.models[0]).to.include({ contextWindow: 131072, maxTokens: 1 });
  });

  it('add an origin once', () => {
    const origin = { NEMOCLAW_CORS_ORIGIN: 'https://x.test' };
    apply(origin);
    expect(apply(origin).lines).to.deep.equal([
      '[config] Adding CORS origin: https://x.test',
      '[config] Config hash recomputed after CORS override',
    ]);
    expect(now().gateway.controlUi.allowedOrigins).to.deep.equal(['http://127.0.0.1:18789', 'https://x.test']);
  });

  it('end the start, before anything is written, for a control character or 257 of them in all', () => {
    const good = { NEMOCLAW_MODEL_OVERRIDE: 'a/b' };
    for (const name of ['NEMOCLAW_MODEL_OVERRIDE', 'NEMOCLAW_CORS_ORIGIN']) {
      for (const value of ['http://a\tb', 'http://a\x01b', 'http://a\x7fb'])
        expect(apply({ ...good, [name]: value }).lines).to.include(
          `[SECURITY] ${name} contains control characters — refusing`,
        );
      const long = `http://${'a'.repeat(250)}`;
      const { status, lines } = apply({ ...good, [name]: long });
      expect({ status, lines }).to.deep.equal({
        status: 1,
        lines: [`[SECURITY] ${name} exceeds 256 characters — refusing`],
      });
    }
    untouched();
    expect(apply({ NEMOCLAW_MODEL_OVERRIDE: 'a'.repeat(256) }).status).to.equal(0);
  });

  it('are left out, the model’s block as a whole, for the first value that is wrong', () => {
    const model = { ...image, NEMOCLAW_MODEL_OVERRIDE: 'a/b' };
    for (const [name, value, why] of [
      ['NEMOCLAW_CONTEXT_WINDOW', '032768', 'must be a positive integer, got "032768"'],
      ['NEMOCLAW_MAX_TOKENS', '-5', 'must be a positive integer, got "-5"'],
      ['NEMOCLAW_REASONING', 'True', 'must be "true" or "false", got "True"'],
      [
        'NEMOCLAW_INFERENCE_API_OVERRIDE',
        'graphql',
        'must be "openai-completions" or "anthropic-messages", got "graphql"',
      ],
      ['NEMOCLAW_CORS_ORIGIN', 'ftp://x', 'must start with http:// or https://, got "ftp://x"'],
    ] as const) {
      const environment = name === 'NEMOCLAW_CORS_ORIGIN' ? { [name]: value } : { ...model, [name]: value };
      const lines = [`[SECURITY] ${name} ${why} — skipping override`];
      expect(apply(environment)).to.deep.equal({ status: 0, lines });
      untouched();
    }
  });

  it('are independent of each other: a wrong limit does not cost the origin', () => {
    const wrong = { NEMOCLAW_MODEL_OVERRIDE: 'a/b', NEMOCLAW_CONTEXT_WINDOW: 'x' };
    expect(apply({ ...wrong, NEMOCLAW_CORS_ORIGIN: 'https://x.test' }).status).to.equal(0);
    expect(now().agents.defaults.model.primary).to.equal('inference/one');
    expect(now().gateway.controlUi.allowedOrigins).to.include('https://x.test');
  });

  it('write through no link', () => {
    renameSync(join(directory, 'openclaw.json'), join(directory, 'elsewhere.json'));
    symlinkSync('elsewhere.json', join(directory, 'openclaw.json'));
    expect(apply({ NEMOCLAW_MODEL_OVERRIDE: 'a/b' })).to.deep.equal({
      status: 1,
      lines: ['[SECURITY] Refusing model override — config or hash path is a symlink'],
    });
    untouched();
  });
});

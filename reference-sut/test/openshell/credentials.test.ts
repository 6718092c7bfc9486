import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  inferenceRoute,
  placeholdersOf,
  resolvePlaceholders,
  upstreamPath,
} from '../../src/gateway/egress/credentials';
import { defaultPolicy } from '../../src/gateway/policy/default-policy';
import { firstRevision } from '../../src/gateway/policy/revision';
import { viewProvider } from '../../src/gateway/providers';
import type { ProviderRecord, SandboxRecord } from '../../src/gateway/records';

const canary = 'canary-8c1f';
const id = '00000000-0000-4000-8000-000000000000';

function provider(name: string, more: Partial<ProviderRecord> = {}): ProviderRecord {
  const base = { id, name, type: 'openai', credentials: { API_KEY: canary }, config: {}, revision: 3 };
  return { ...base, createdAt: new Date(0).toISOString(), ...more };
}

function sandbox(...providers: string[]): SandboxRecord {
  const createdAt = new Date(0).toISOString();
  const revision = firstRevision(defaultPolicy(), 'default', 0);
  const state = { phase: 'Ready' as const, ownsImage: false, resourceVersion: 1 };
  return { id, name: 'demo', createdAt, image: 'i', container: 'c', providers, revision, ...state };
}

const serving = { config: { OPENAI_BASE_URL: 'http://endpoint.test/v1' } };

describe('credentials', () => {
  it('stay out of what clients and sandboxes see', () => {
    expect(JSON.stringify(viewProvider(provider('p')))).to.not.contain(canary);
    expect(placeholdersOf([provider('p')])).to.deep.equal({ API_KEY: 'openshell:resolve:env:v3_API_KEY' });
  });

  it('stand in for their placeholders, with and without a revision, if the provider is attached', () => {
    expect(resolvePlaceholders('Bot openshell:resolve:env:API_KEY', [provider('p')])).to.equal(`Bot ${canary}`);
    expect(resolvePlaceholders('openshell:resolve:env:v3_API_KEY', [provider('p')])).to.equal(canary);
    expect(resolvePlaceholders('openshell:resolve:env:API_KEY', [])).to.equal('openshell:resolve:env:API_KEY');
  });

  it('leave other text alone', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('openshell:resolve:env:')),
        (text) => resolvePlaceholders(text, [provider('p')]) === text,
      ),
    );
  });
});

describe('the inference route', () => {
  it('is an attached provider only', () => {
    const known = [provider('p', serving)];
    expect(inferenceRoute(sandbox(), known, 'p')).to.equal(undefined);
    expect(inferenceRoute(sandbox('p'), known, undefined)?.headers).to.deep.equal({
      authorization: `Bearer ${canary}`,
    });
  });

  it('prefers the provider that was set, and passes over those without a base URL', () => {
    const known = [provider('discord'), provider('p', serving), provider('q', serving)];
    expect(inferenceRoute(sandbox('discord', 'p', 'q'), known, 'q')?.provider).to.equal('q');
    expect(inferenceRoute(sandbox('discord', 'p', 'q'), known, 'discord')?.provider).to.equal('p');
    expect(inferenceRoute(sandbox('discord'), known, undefined)).to.equal(undefined);
  });

  it('joins base URL and path with one /v1', () => {
    expect(upstreamPath(new URL('http://h/v1'), '/v1/models')).to.equal('/v1/models');
    expect(upstreamPath(new URL('http://h/v1/'), '/v1/models?x=1')).to.equal('/v1/models?x=1');
    expect(upstreamPath(new URL('http://h'), '/v1/models')).to.equal('/v1/models');
    expect(upstreamPath(new URL('http://h/api/v1'), '/v1/models')).to.equal('/api/v1/models');
  });
});

import { randomUUID } from 'node:crypto';
import type { CreateProviderRequest, ProviderView, UpdateProviderRequest } from './api/messages';
import { baseUrlOf } from './egress/credentials';
import { Problem } from './problem';
import type { ProviderRecord } from './records';
import type { Store } from './store';

/** A provider without the values of its credentials. */
export function viewProvider({ id, name, type, credentials, config, revision }: ProviderRecord): ProviderView {
  return { id, name, type, credentials: Object.keys(credentials), config, revision };
}

/** @throws {Problem} 404 when there is none of that name. */
export function requireProvider(store: Store, name: string): ProviderRecord {
  const provider = store.provider(name);
  if (!provider) throw new Problem(404, `provider '${name}' not found`);
  return provider;
}

function checkBaseUrl(provider: ProviderRecord): ProviderRecord {
  const base = baseUrlOf(provider);
  if (base !== undefined && !/^https?:\/\/[^/]/.test(base)) {
    throw new Problem(400, `the base URL of provider '${provider.name}' must begin with http:// or https://`);
  }
  if (base !== undefined && !URL.canParse(base))
    throw new Problem(400, `the base URL of provider '${provider.name}' is no URL`);
  return provider;
}

/** @throws {Problem} when the name is taken or the base URL is invalid. */
export function createProvider(store: Store, request: CreateProviderRequest): ProviderView {
  if (store.provider(request.name)) throw new Problem(409, `provider '${request.name}' already exists`);
  const created = { id: randomUUID(), revision: 1, createdAt: new Date().toISOString() };
  const provider = checkBaseUrl({ ...request, ...created });
  store.putProvider(provider);
  return viewProvider(provider);
}

/** Replaces the credentials and settings that the request names; others stay. */
export function updateProvider(store: Store, name: string, request: UpdateProviderRequest): ProviderView {
  const current = requireProvider(store, name);
  const provider = checkBaseUrl({
    ...current,
    type: request.type ?? current.type,
    credentials: { ...current.credentials, ...request.credentials },
    config: { ...current.config, ...request.config },
    revision: current.revision + 1,
  });
  store.putProvider(provider);
  return viewProvider(provider);
}

/** @throws {Problem} when it is still attached to a sandbox, which would silently lose its inference. */
export function deleteProvider(store: Store, name: string): void {
  requireProvider(store, name);
  const users = store.sandboxes().filter((sandbox) => sandbox.providers.includes(name));
  if (users.length > 0) {
    throw new Problem(
      409,
      `provider '${name}' is attached to ${users.map((sandbox) => `'${sandbox.name}'`).join(', ')}`,
    );
  }
  store.dropProvider(name);
  if (store.inference?.provider === name) store.inference = null;
}

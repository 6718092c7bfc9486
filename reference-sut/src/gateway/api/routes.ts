import { openshellVersion } from '../../shared/version';
import { Problem } from '../problem';
import { createProvider, deleteProvider, requireProvider, updateProvider, viewProvider } from '../providers';
import { createSandbox } from '../sandboxes/create';
import { deleteSandbox } from '../sandboxes/delete';
import { setPolicy } from '../sandboxes/policy';
import { policyView, requireSandbox, viewSandbox, viewSandboxes } from '../sandboxes/views';
import type { GatewayWorld } from '../world';
import {
  createProviderRequest,
  createSandboxRequest,
  inferenceRequest,
  type StatusView,
  setPolicyRequest,
  updateProviderRequest,
} from './messages';
import type { Call, Route } from './server';

function first(call: Call): string {
  return call.parameters[0] ?? '';
}

/** Runs one operation on a sandbox at a time, and none once the gateway is shutting down. */
function inTurn<T>(world: GatewayWorld, sandbox: string, operation: () => Promise<T>): Promise<T> {
  if (world.closing()) throw new Problem(503, 'the gateway is stopping');
  return world.turns.take(sandbox, operation);
}

function status(world: GatewayWorld): StatusView {
  const { settings, directory, proxyUrl, store } = world;
  const where = { network: settings.network, proxy: proxyUrl, stateDir: directory.root };
  return { version: openshellVersion, pid: process.pid, gatewayId: store.gatewayId, driver: 'docker', ...where };
}

function sandboxRoutes(world: GatewayWorld): Route[] {
  const { store } = world;
  return [
    { method: 'GET', path: '/v1/sandboxes', answer: () => viewSandboxes(world) },
    {
      method: 'POST',
      path: '/v1/sandboxes',
      answer: async (call) => {
        const request = await call.body(createSandboxRequest);
        await inTurn(world, request.name, () => createSandbox(world, request));
        return viewSandbox(world, request.name);
      },
    },
    { method: 'GET', path: '/v1/sandboxes/:', answer: (call) => viewSandbox(world, first(call)) },
    {
      method: 'DELETE',
      path: '/v1/sandboxes/:',
      answer: async (call) => {
        await inTurn(world, first(call), () => deleteSandbox(world, first(call)));
        return { deleted: first(call) };
      },
    },
    {
      method: 'GET',
      path: '/v1/sandboxes/:/policy',
      answer: (call) => policyView(requireSandbox(world, first(call)).revision),
    },
    {
      method: 'PUT',
      path: '/v1/sandboxes/:/policy',
      answer: async (call) => {
        const { policy } = await call.body(setPolicyRequest);
        return inTurn(world, first(call), () => setPolicy(world, first(call), policy));
      },
    },
    {
      method: 'GET',
      path: '/v1/inference',
      answer: () => store.inference,
    },
    {
      method: 'PUT',
      path: '/v1/inference',
      answer: async (call) => {
        const route = await call.body(inferenceRequest);
        requireProvider(store, route.provider);
        store.inference = route;
        return route;
      },
    },
  ];
}

function providerRoutes({ store }: GatewayWorld): Route[] {
  return [
    { method: 'GET', path: '/v1/providers', answer: () => store.providers().map(viewProvider) },
    {
      method: 'POST',
      path: '/v1/providers',
      answer: async (call) => createProvider(store, await call.body(createProviderRequest)),
    },
    { method: 'GET', path: '/v1/providers/:', answer: (call) => viewProvider(requireProvider(store, first(call))) },
    {
      method: 'PATCH',
      path: '/v1/providers/:',
      answer: async (call) => updateProvider(store, first(call), await call.body(updateProviderRequest)),
    },
    {
      method: 'DELETE',
      path: '/v1/providers/:',
      answer: (call) => {
        deleteProvider(store, first(call));
        return { deleted: first(call) };
      },
    },
  ];
}

/** All routes of a gateway. `destroy` removes everything that the gateway has made, and ends it. */
export function routes(world: GatewayWorld, destroy: () => Promise<unknown>): readonly Route[] {
  return [
    { method: 'GET', path: '/v1/status', answer: () => status(world) },
    ...sandboxRoutes(world),
    ...providerRoutes(world),
    { method: 'POST', path: '/v1/destroy', answer: () => destroy() },
  ];
}

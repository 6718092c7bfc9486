import { once } from 'node:events';
import type { Server } from 'node:http';
import { docker } from '../shared/docker';
import { reasonOf } from '../shared/reason';
import { gatewayKind, openshellVersion } from '../shared/version';
import { routes } from './api/routes';
import { apiServer, type Route } from './api/server';
import { destroyRemains } from './destroy';
import { Addresses } from './driver/addresses';
import { ensureNetwork } from './driver/network';
import { issue, openAuthority } from './egress/authority';
import { inferenceRoute } from './egress/credentials';
import { dialFor } from './egress/hosts-file';
import { EgressProxy } from './egress/proxy';
import { log } from './log';
import { decide } from './policy/decision';
import { Problem } from './problem';
import { removeRuntimeFiles, writeRuntimeFiles } from './runtime-files';
import { adoptSandboxes, stopSandboxes } from './sandboxes/adopt';
import { readSettings, type Settings } from './settings';
import { stateDirectory } from './state-directory';
import { readDatabase, Store } from './store';
import { Turns } from './turns';
import type { GatewayWorld } from './world';

const proxyPort = 3128;
const help = `Usage: openshell-gateway [--port PORT] [--state-dir DIR] [--network NAME] [--destroy]

Serves sandboxes on Docker until SIGTERM. Environment: NEMOCLAW_GATEWAY_PORT (8080), OPENSHELL_DOCKER_NETWORK_NAME
(openshell-docker), OPENSHELL_HOSTS_FILE (lines "<ip>:<port> <host>": where the egress proxy dials for a host).
--destroy removes what a gateway that no longer runs has left: containers, images, network, state.
`;

async function listen(server: Server, port: number): Promise<void> {
  server.listen({ host: '127.0.0.1', port });
  try {
    await once(server, 'listening');
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw new Error(
      inUse
        ? `Port ${port} is in use: another gateway, or one that is still stopping its sandboxes. Wait for it to end, or choose another port with NEMOCLAW_GATEWAY_PORT.`
        : `The gateway could not listen on 127.0.0.1:${port}: ${reasonOf(error)}`,
    );
  }
}

async function openWorld(settings: Settings, closing: () => boolean): Promise<GatewayWorld> {
  const directory = stateDirectory(settings.stateDir);
  const store = Store.open(directory.database, settings);
  const [address, authority] = await Promise.all([
    ensureNetwork(settings.network, { port: settings.port, gatewayId: store.gatewayId }),
    openAuthority(directory),
  ]);
  const addresses = new Addresses(settings.network);
  const proxy = new EgressProxy(
    {
      identify: async (from) => {
        const container = await addresses.containerAt(from);
        return store.sandboxes().find((sandbox) => sandbox.container === container);
      },
      decide: (sandbox, host, port) => decide((store.sandbox(sandbox.name) ?? sandbox).revision.policy, host, port),
      dial: (host, port) => dialFor(host, port, settings.hostsFile),
      providersOf: (sandbox) => store.providers().filter((provider) => sandbox.providers.includes(provider.name)),
      routeOf: (sandbox) => inferenceRoute(sandbox, store.providers(), store.inference?.provider),
    },
    await issue('inference.local', authority),
    gatewayKind === 'container' ? 'http' : 'https',
  );
  await proxy.listen(address, proxyPort);
  const proxyUrl = `http://${address}:${proxyPort}`;
  return { settings, directory, store, turns: new Turns(), proxy, proxyUrl, closing };
}

/** Serves: takes the port, then the sandboxes, then answers; it stops in reverse order. */
async function serve(settings: Settings): Promise<void> {
  let closing = false;
  let ready: (table: readonly Route[]) => void = () => {};
  const api = apiServer(
    new Promise<readonly Route[]>((resolve) => {
      ready = resolve;
    }),
  );
  await listen(api, settings.port);
  await docker(['version', '--format', '{{.Server.Version}}']).catch((error: unknown) => {
    throw new Error(`No Docker Engine answers: ${reasonOf(error)}`);
  });
  const world = await openWorld(settings, () => closing);

  const end = (status: number) => {
    world.proxy.close();
    api.close(() => process.exit(status));
    api.closeIdleConnections();
    // An answer that is still being written gets a moment; a client that does not read cannot keep us.
    setTimeout(() => process.exit(status), 1000).unref();
  };
  const stop = async (signal: string) => {
    if (closing) return;
    closing = true;
    log('stopping', { signal });
    try {
      await world.turns.idle();
      await stopSandboxes(world.store);
      removeRuntimeFiles(world.directory);
      log('stopped');
      end(0);
    } catch (error) {
      log('stopping failed', { reason: reasonOf(error) });
      end(1);
    }
  };
  const destroy = async () => {
    if (closing) throw new Problem(409, 'the gateway is stopping');
    closing = true;
    await world.turns.idle();
    const { store } = world;
    const { network } = settings;
    const directory = settings.trustVolume === undefined ? world.directory : null;
    try {
      await destroyRemains({ gatewayId: store.gatewayId, network, directory });
    } catch (error) {
      closing = false;
      throw error;
    }
    log('destroyed');
    // Once the answer is on its way: the client waits for the port to be free.
    setImmediate(() => end(0));
    return { pid: process.pid };
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));

  await adoptSandboxes(world.store);
  if (closing) return;
  writeRuntimeFiles(world.directory, settings);
  ready(routes(world, destroy));
  const { port, network } = settings;
  log('listening', { version: openshellVersion, endpoint: `http://127.0.0.1:${port}`, network, proxy: world.proxyUrl });
}

/** Removes the remains of a gateway of this port from the state directory; the port must be free. */
async function destroyLeft(settings: Settings): Promise<void> {
  const directory = stateDirectory(settings.stateDir);
  const database = readDatabase(directory.database);
  if (database.port !== settings.port) {
    throw new Error(
      `${directory.database} is of a gateway on port ${database.port}, not ${settings.port}; it is left alone`,
    );
  }
  const held = apiServer(new Promise(() => {}));
  await listen(held, settings.port);
  const { gatewayId, network } = database;
  await destroyRemains({ gatewayId, network, directory: settings.trustVolume === undefined ? directory : null });
  held.close();
}

function main(argv: readonly string[]): void {
  // The starter may close its end of the log; the gateway goes on without one.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  if (argv.includes('--version') || argv.includes('-V')) {
    process.stdout.write(`openshell-gateway ${openshellVersion}\n`);
    return;
  }
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(help);
    return;
  }
  let settings: Settings;
  try {
    settings = readSettings(argv, process.env);
  } catch (error) {
    process.stderr.write(`openshell-gateway: ${reasonOf(error)}\n`);
    process.exitCode = 2;
    return;
  }
  (settings.destroy ? destroyLeft(settings) : serve(settings)).catch((error: unknown) => {
    process.stderr.write(`openshell-gateway: ${reasonOf(error)}\n`, () => process.exit(1));
  });
}

main(process.argv.slice(2));

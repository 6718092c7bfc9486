import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { log } from '../log';
import type { SandboxRecord } from '../records';
import { type InferenceRoute, upstreamPath } from './credentials';
import { endToEnd } from './headers';
import type { Dial } from './hosts-file';

/** Everything that answering a sandbox's inference needs. */
export interface InferenceDuties {
  /** The sandbox whose connection this request came on. */
  readonly sandboxOf: (request: IncomingMessage) => SandboxRecord | undefined;
  readonly routeOf: (sandbox: SandboxRecord) => InferenceRoute | undefined;
  readonly dial: (host: string, port: number) => Dial;
}

/** Connecting to the provider may take this long; its answer may take as long as it needs. */
const connectMs = 10_000;

function answer(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** The sandbox's own headers are no credentials of the provider's, so they are not passed on. */
const presented = ['authorization', 'x-api-key', 'api-key', 'host'];

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  sandbox: SandboxRecord,
  route: InferenceRoute,
  duties: InferenceDuties,
): void {
  const secure = route.base.protocol === 'https:';
  const named = Number(route.base.port) || (secure ? 443 : 80);
  const dial = duties.dial(route.base.hostname, named);
  const headers = endToEnd(incoming.headers);
  for (const name of presented) delete headers[name];
  const outgoing = (secure ? httpsRequest : httpRequest)({
    ...dial,
    ...(secure && { servername: route.base.hostname }),
    method: incoming.method,
    path: upstreamPath(route.base, incoming.url ?? '/'),
    headers: { ...headers, host: route.base.host, ...route.headers },
  });
  const unavailable = (reason: string) => {
    log('inference unavailable', {
      sandbox: sandbox.name,
      provider: route.provider,
      upstream: route.base.host,
      reason,
    });
    answer(response, 503, { error: 'inference service unavailable' });
    outgoing.destroy();
  };
  const connecting = setTimeout(() => unavailable(`no connection within ${connectMs} ms`), connectMs);
  outgoing.on('socket', (socket) => {
    if (!socket.connecting) clearTimeout(connecting);
    socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
  });
  outgoing.on('error', (error) => {
    clearTimeout(connecting);
    if (!response.destroyed) unavailable(error.message);
  });
  outgoing.on('response', (upstream) => {
    clearTimeout(connecting);
    log('inference', {
      sandbox: sandbox.name,
      provider: route.provider,
      method: incoming.method,
      path: incoming.url?.split('?')[0],
      status: upstream.statusCode,
    });
    response.writeHead(upstream.statusCode ?? 502, endToEnd(upstream.headers));
    // Streamed answers come in small pieces with pauses: the first byte must not wait for the second.
    response.flushHeaders();
    upstream.on('error', () => response.destroy());
    upstream.on('aborted', () => response.destroy());
    upstream.pipe(response);
  });
  response.on('close', () => {
    clearTimeout(connecting);
    outgoing.destroy();
  });
  incoming.on('error', () => outgoing.destroy());
  incoming.pipe(outgoing);
}

/** The HTTP side of inference.local. It listens nowhere: the egress proxy hands it decrypted connections and requests. */
export function inferenceServer(duties: InferenceDuties): Server {
  const server = createServer((incoming, response) => {
    const sandbox = duties.sandboxOf(incoming);
    if (!sandbox) return answer(response, 403, { error: 'unknown sandbox' });
    if (!/^\/v1(\/|\?|$)/.test(incoming.url ?? '')) {
      return answer(response, 404, { error: `inference.local serves /v1/ only, not ${incoming.url?.split('?')[0]}` });
    }
    const route = duties.routeOf(sandbox);
    if (!route) {
      log('inference unrouted', { sandbox: sandbox.name });
      return answer(response, 503, { error: `no inference provider is attached to sandbox '${sandbox.name}'` });
    }
    return forward(incoming, response, sandbox, route, duties);
  });
  // A model may think for long before its first byte; only the sandbox gives the connection up.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  return server;
}

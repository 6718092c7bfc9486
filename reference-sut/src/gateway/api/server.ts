import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { z } from 'zod';
import { reasonOf } from '../../shared/reason';
import { openshellVersion, protocol, protocolHeader } from '../../shared/version';
import { log } from '../log';
import { Problem } from '../problem';

/** A request that found its route: the parts of the path that were named, and the body once it has been checked. */
export interface Call {
  readonly parameters: readonly string[];
  readonly body: <T extends z.ZodType>(schema: T) => Promise<z.infer<T>>;
}

/** A route of the API. `path` has `:` in place of a part that varies. The value that `answer` gives is sent as JSON. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly answer: (call: Call) => unknown;
}

const bodyLimit = 4 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > bodyLimit) throw new Problem(413, `the request is larger than ${bodyLimit} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Problem(400, 'the request is no JSON');
  }
}

/** Checks a body. The message names keys and reasons, never values: a body may contain credentials. */
async function checkedBody<T extends z.ZodType>(request: IncomingMessage, schema: T): Promise<z.infer<T>> {
  const parsed = schema.safeParse(await readBody(request));
  if (parsed.success) return parsed.data;
  throw new Problem(
    400,
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'request'} ${issue.message}`).join('; '),
  );
}

function match(route: Route, method: string, parts: readonly string[]): readonly string[] | undefined {
  const wanted = route.path.split('/').slice(1);
  if (route.method !== method || wanted.length !== parts.length) return undefined;
  if (!wanted.every((part, index) => part === ':' || part === parts[index])) return undefined;
  return parts.filter((_, index) => wanted[index] === ':');
}

function send(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(value ?? null);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

/** Web pages can make a browser ask loopback addresses; they cannot forge this header's value. */
const localHost = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** @throws {Problem} 426 when the client has the protocol of the other kind. A client without the header is taken as ours. */
function checkProtocol(request: IncomingMessage): void {
  const [spoken = protocol, version = 'of an unknown version'] = String(
    request.headers[protocolHeader] ?? protocol,
  ).split(' ');
  if (spoken === protocol) return;
  throw new Problem(
    426,
    `this gateway is OpenShell ${openshellVersion} and does not understand OpenShell ${version}: back its sandboxes up and destroy it with the openshell that made it`,
  );
}

/**
 * The gateway's HTTP API. Requests that come before `ready` wait for it. When a client goes away, its operation goes on
 * and the answer is dropped.
 */
export function apiServer(ready: Promise<readonly Route[]>): Server {
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const method = request.method ?? '';
    const path = (request.url ?? '').split('?')[0] ?? '';
    try {
      if (!localHost.test(request.headers.host ?? '')) throw new Problem(403, 'the API answers local clients only');
      checkProtocol(request);
      const routes = await ready;
      const parts = path.split('/').slice(1).map(decodeURIComponent);
      for (const route of routes) {
        const parameters = match(route, method, parts);
        if (!parameters) continue;
        send(response, 200, await route.answer({ parameters, body: (schema) => checkedBody(request, schema) }));
        return;
      }
      throw new Problem(404, `no such operation: ${method} ${path}`);
    } catch (error) {
      const status = error instanceof Problem ? error.status : error instanceof URIError ? 400 : 500;
      log('request refused', { method, path, status, reason: reasonOf(error) });
      send(response, status, { error: reasonOf(error) });
    }
  };
  const server = createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    handle(request, response).catch((error: unknown) => log('request failed', { reason: reasonOf(error) }));
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}

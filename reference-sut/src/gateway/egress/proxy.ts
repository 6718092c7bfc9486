import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { reasonOf } from '../../shared/reason';
import { log } from '../log';
import type { Decision } from '../policy/decision';
import type { ProviderRecord, SandboxRecord } from '../records';
import type { KeyPair } from './authority';
import { type InferenceRoute, resolvePlaceholders } from './credentials';
import { endToEnd } from './headers';
import type { Dial } from './hosts-file';
import { inferenceServer } from './inference';
import { parseTarget, type Target } from './target';

/** The steps of a request on its way out, each replaceable on its own. */
export interface EgressSteps {
  /** The sandbox of this address. */
  readonly identify: (address: string) => Promise<SandboxRecord | undefined>;
  /** Whether its policy allows this host and port. */
  readonly decide: (sandbox: SandboxRecord, host: string, port: number) => Decision;
  /** The address to dial for that host and port. */
  readonly dial: (host: string, port: number) => Dial;
  /** The providers attached to it, whose credentials stand in for placeholders. */
  readonly providersOf: (sandbox: SandboxRecord) => readonly ProviderRecord[];
  /** Which provider answers its inference. */
  readonly routeOf: (sandbox: SandboxRecord) => InferenceRoute | undefined;
}

interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly error: string;
  readonly reason: string;
}

const inferenceHost = 'inference.local';
/** How sandboxes reach it: https since 0.0.37, http before (sut-contract.md, “Inside a sandbox”). */
export type InferenceScheme = 'http' | 'https';
const connectMs = 10_000;

/** The one way out of the sandboxes' network: an HTTP proxy that asks the policy before it dials. */
export class EgressProxy {
  readonly #steps: EgressSteps;
  readonly #server: Server;
  readonly #inference: Server;
  readonly #context;
  readonly #sockets = new Map<Socket, string>();
  /** The sandbox behind each connection to inference.local, decrypted where it was https. */
  readonly #asking = new WeakMap<Socket, SandboxRecord>();
  readonly #scheme: InferenceScheme;

  constructor(steps: EgressSteps, certificate: KeyPair, scheme: InferenceScheme = 'https') {
    this.#steps = steps;
    this.#scheme = scheme;
    this.#context = createSecureContext(certificate);
    this.#inference = inferenceServer({
      sandboxOf: (request) => this.#asking.get(request.socket),
      routeOf: steps.routeOf,
      dial: steps.dial,
    });
    this.#server = createServer();
    this.#server.requestTimeout = 0;
    this.#server.on('connection', (socket: Socket) => {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.#sockets.delete(socket));
      this.#sockets.set(socket, '');
    });
    this.#server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#connect(request, socket, head).catch((error: unknown) => {
        log('egress failed', { reason: reasonOf(error) });
        socket.destroy();
      });
    });
    this.#server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#plain(request, response).catch((error: unknown) => {
        log('egress failed', { reason: reasonOf(error) });
        response.destroy();
      });
    });
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  /** @throws when the address cannot be listened on, for example because another gateway has the network. */
  listen(address: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) =>
        reject(new Error(`The egress proxy could not listen on ${address}:${port}: ${error.message}`)),
      );
      this.#server.listen({ host: address, port }, () => resolve());
    });
  }

  /** Cuts the connections of a deleted sandbox. */
  drop(sandbox: string): void {
    for (const [socket, owner] of this.#sockets) if (owner === sandbox) socket.destroy();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets.keys()) socket.destroy();
  }

  /** Asks the steps about one request: a refusal, or the sandbox that may pass. */
  async #refusal(request: IncomingMessage, target: Target | undefined): Promise<Refusal | SandboxRecord> {
    const address = request.socket.remoteAddress ?? '';
    const sandbox = await this.#steps.identify(address);
    if (!sandbox) {
      log('egress denied', { address, reason: 'no sandbox has this address' });
      const reason = `no sandbox has the address ${address}`;
      return { status: 403, title: 'Forbidden', error: 'policy_denied', reason };
    }
    this.#sockets.set(request.socket, sandbox.name);
    if (!target) {
      const reason = `${request.method} ${request.url} names no host and port; this is an HTTP proxy`;
      return { status: 400, title: 'Bad Request', error: 'bad_request', reason };
    }
    const { host, port, encrypted } = target;
    if (host === inferenceHost) {
      const secure = this.#scheme === 'https';
      if (encrypted === secure && port === (secure ? 443 : 80)) return sandbox;
      const reason = `${host}:${port} is not permitted: inference is served over ${this.#scheme}, port ${secure ? 443 : 80}, only`;
      log('egress denied', { sandbox: sandbox.name, host, port, reason });
      return { status: 403, title: 'Forbidden', error: 'policy_denied', reason };
    }
    const decision = this.#steps.decide(sandbox, host, port);
    if (decision.allowed) {
      log('egress allowed', { sandbox: sandbox.name, host, port, entry: decision.entry });
      return sandbox;
    }
    log('egress denied', { sandbox: sandbox.name, host, port, reason: decision.reason });
    return { status: 403, title: 'Forbidden', error: 'policy_denied', reason: decision.reason };
  }

  async #connect(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const target = parseTarget(request.method ?? '', request.url ?? '');
    const answer = await this.#refusal(request, target);
    if ('status' in answer || !target) {
      if ('status' in answer) socket.end(refusalText(answer));
      return;
    }
    if (socket.destroyed) return;
    if (target.host === inferenceHost) {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) socket.unshift(head);
      this.#terminate(socket, answer);
      return;
    }
    this.#tunnel(socket, head, target);
  }

  #terminate(socket: Socket, sandbox: SandboxRecord): void {
    const plain = new TLSSocket(socket, { isServer: true, secureContext: this.#context });
    plain.on('error', (error) => {
      log('inference connection failed', { sandbox: sandbox.name, reason: error.message });
      socket.destroy();
    });
    this.#asking.set(plain, sandbox);
    this.#inference.emit('connection', plain);
  }

  #tunnel(socket: Socket, head: Buffer, target: Target): void {
    const dial = this.#steps.dial(target.host, target.port);
    const upstream = connect({ ...dial, allowHalfOpen: true });
    let open = false;
    const fail = (reason: string) => {
      upstream.destroy();
      if (open || socket.destroyed) return socket.destroy();
      log('egress unreachable', { host: target.host, port: target.port, reason });
      const text = `${target.host}:${target.port} could not be reached: ${reason}`;
      socket.end(refusalText({ status: 502, title: 'Bad Gateway', error: 'upstream_unreachable', reason: text }));
    };
    upstream.setTimeout(connectMs, () => fail(`no connection within ${connectMs} ms`));
    upstream.on('error', (error) => fail(error.message));
    upstream.on('connect', () => {
      open = true;
      upstream.setTimeout(0);
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) upstream.write(head);
      socket.pipe(upstream);
      upstream.pipe(socket);
    });
    socket.on('close', () => upstream.destroy());
  }

  async #plain(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = parseTarget(request.method ?? '', request.url ?? '');
    const answer = await this.#refusal(request, target);
    const refuse = (refusal: Refusal) => {
      if (response.headersSent) return response.destroy();
      const body = refusalBody(refusal);
      response.writeHead(refusal.status, refusal.title, { ...refusalHeaders(refusal), connection: 'close' });
      return response.end(body);
    };
    if ('status' in answer || !target) {
      if ('status' in answer) refuse(answer);
      return;
    }
    if (target.host === inferenceHost) {
      this.#asking.set(request.socket, answer);
      request.url = target.path;
      this.#inference.emit('request', request, response);
      return;
    }
    const providers = this.#steps.providersOf(answer);
    const headers = Object.entries(endToEnd(request.headers)).map(([name, value]) => [
      name,
      typeof value === 'string' ? resolvePlaceholders(value, providers) : value,
    ]);
    const upstream = httpRequest({
      ...this.#steps.dial(target.host, target.port),
      method: request.method,
      path: target.path,
      headers: { ...Object.fromEntries(headers), host: target.authority },
      timeout: connectMs,
    });
    upstream.on('socket', (socket) => socket.once('connect', () => socket.setTimeout(0)));
    upstream.on('timeout', () => upstream.destroy(new Error(`no connection within ${connectMs} ms`)));
    upstream.on('error', (error) => {
      log('egress unreachable', { host: target.host, port: target.port, reason: error.message });
      const reason = `${target.host}:${target.port} could not be reached: ${error.message}`;
      refuse({ status: 502, title: 'Bad Gateway', error: 'upstream_unreachable', reason });
    });
    upstream.on('response', (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, endToEnd(incoming.headers));
      incoming.on('error', () => response.destroy());
      incoming.pipe(response);
    });
    response.on('close', () => upstream.destroy());
    request.on('error', () => upstream.destroy());
    request.pipe(upstream);
  }
}

function refusalBody({ error, reason }: Refusal): string {
  return `${JSON.stringify({ error, reason })}\n`;
}

function refusalHeaders(refusal: Refusal): Record<string, string | number> {
  return {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(refusalBody(refusal)),
    // Clients show headers of a refused CONNECT sooner than its body.
    'x-openshell-reason': refusal.reason.replace(/[^\x20-\x7e]/g, '?'),
  };
}

function refusalText(refusal: Refusal): string {
  const headers = Object.entries({ ...refusalHeaders(refusal), connection: 'close' });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${refusal.status} ${refusal.title}`, ...lines, '', refusalBody(refusal)].join('\r\n');
}

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { expect } from 'chai';
import { issue, type KeyPair, openAuthority } from '../../src/gateway/egress/authority';
import { inferenceRoute } from '../../src/gateway/egress/credentials';
import { EgressProxy } from '../../src/gateway/egress/proxy';
import { decide } from '../../src/gateway/policy/decision';
import { firstRevision } from '../../src/gateway/policy/revision';
import { checkPolicy } from '../../src/gateway/policy/schema';
import type { ProviderRecord, SandboxRecord } from '../../src/gateway/records';
import { stateDirectory } from '../../src/gateway/state-directory';

const id = '00000000-0000-4000-8000-000000000000';
const canary = 'canary-77ab';

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function connectTo(port: number, target: string): Promise<{ socket: Socket; status: number; head: string }> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [chunk] = await once(socket, 'data');
  const head = String(chunk);
  return { socket, status: Number(head.split(' ')[1]), head };
}

describe('the egress proxy, over real sockets', () => {
  const directory = mkdtempSync(join(tmpdir(), 'proxy-'));
  const seen: { url: string | undefined; authorization: string | undefined }[] = [];
  let port: number;
  let proxy: EgressProxy;
  let upstream: Server;
  let authority: KeyPair;
  let known = true;
  const providers: ProviderRecord[] = [];
  const sandbox: SandboxRecord = {
    ...{ id, name: 'demo', createdAt: new Date(0).toISOString(), image: 'i', container: 'c', providers: ['p'] },
    ...{ phase: 'Ready', ownsImage: false, resourceVersion: 1 },
    revision: firstRevision(
      checkPolicy(
        {
          network_policies: {
            a: {
              endpoints: [
                { host: 'a.test', port: 80 },
                { host: 'down.test', port: 1 },
              ],
            },
          },
        },
        'f',
      ),
      'sandbox',
      0,
    ),
  };

  before(async () => {
    upstream = createServer((asked, answer) => {
      seen.push({ url: asked.url, authorization: asked.headers.authorization });
      answer.write('first ');
      // The rest follows only when the client says so, by asking again.
      if (asked.url === '/v1/stream') once(upstream, 'go').then(() => answer.end('last'));
      else answer.end(asked.headers['x-token']?.toString() ?? 'done');
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const at = (upstream.address() as AddressInfo).port;
    const serving = { credentials: { API_KEY: canary }, config: { OPENAI_BASE_URL: `http://127.0.0.1:${at}/v1` } };
    providers.push({ id, name: 'p', type: 'openai', ...serving, revision: 1, createdAt: new Date(0).toISOString() });
    authority = await openAuthority(stateDirectory(directory));
    proxy = new EgressProxy(
      {
        identify: async () => (known ? sandbox : undefined),
        decide: (of, host, to) => decide(of.revision.policy, host, to),
        dial: (host, to) => (host === 'a.test' ? { host: '127.0.0.1', port: at } : { host: '127.0.0.1', port: to }),
        providersOf: () => providers,
        routeOf: (of) => inferenceRoute(of, providers, undefined),
      },
      await issue('inference.local', authority),
    );
    port = await freePort();
    await proxy.listen('127.0.0.1', port);
  });

  after(() => {
    proxy.close();
    upstream.close();
    upstream.closeAllConnections();
    rmSync(directory, { recursive: true });
  });

  it('refuses a host that the policy does not name, with the reason', async () => {
    const { status, head, socket } = await connectTo(port, 'b.test:443');
    expect(status).to.equal(403);
    expect(head).to.contain('b.test:443 is not permitted');
    socket.destroy();
  });

  it('refuses an address that belongs to no sandbox', async () => {
    known = false;
    const { status, socket } = await connectTo(port, 'a.test:80');
    known = true;
    expect(status).to.equal(403);
    socket.destroy();
  });

  it('answers 502 where the host cannot be reached', async () => {
    const { status, socket } = await connectTo(port, 'down.test:1');
    expect(status).to.equal(502);
    socket.destroy();
  });

  it('tunnels to an allowed host', async () => {
    const { socket, status } = await connectTo(port, 'a.test:80');
    expect(status).to.equal(200);
    socket.write('GET /tunnelled HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n');
    await once(socket, 'data');
    expect(seen.at(-1)?.url).to.equal('/tunnelled');
    socket.destroy();
  });

  it('puts a credential in the place of its placeholder on the way out', async () => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path: 'http://a.test/plain',
      headers: { 'x-token': 'openshell:resolve:env:v1_API_KEY' },
    });
    asked.end();
    const [answer] = await once(asked, 'response');
    let body = '';
    for await (const chunk of answer) body += chunk;
    expect(body).to.equal(`first ${canary}`);
  });

  it('refuses inference over plain http', async () => {
    const asked = request({ host: '127.0.0.1', port, path: 'http://inference.local/v1/models' });
    asked.end();
    const [answer] = await once(asked, 'response');
    expect(answer.statusCode).to.equal(403);
    answer.resume();
  });

  it('answers inference over TLS, adds the credential outside, and passes a stream on piece by piece', async () => {
    const { socket, status } = await connectTo(port, 'inference.local:443');
    expect(status).to.equal(200);
    const secure = connectTls({ socket, servername: 'inference.local', ca: authority.cert });
    await once(secure, 'secureConnect');
    secure.write(
      'GET /v1/stream HTTP/1.1\r\nHost: inference.local\r\nAuthorization: Bearer unused\r\nConnection: close\r\n\r\n',
    );
    let text = '';
    const ended = once(secure, 'close');
    secure.on('data', (chunk) => {
      text += chunk;
      if (text.includes('first') && !text.includes('last')) upstream.emit('go');
    });
    await ended;
    expect(text).to.contain('first').and.contain('last');
    expect(seen.at(-1)).to.deep.equal({ url: '/v1/stream', authorization: `Bearer ${canary}` });
  });

  it('serves inference over http where the gateway is one of that time, and over https no more', async () => {
    const old = new EgressProxy(
      {
        identify: async () => sandbox,
        decide: (of, host, to) => decide(of.revision.policy, host, to),
        dial: (host, to) => ({ host, port: to }),
        providersOf: () => providers,
        routeOf: (of) => inferenceRoute(of, providers, undefined),
      },
      await issue('inference.local', authority),
      'http',
    );
    const at = await freePort();
    await old.listen('127.0.0.1', at);
    try {
      const asked = request({ host: '127.0.0.1', port: at, path: 'http://inference.local/v1/models', agent: false });
      const [response] = await once(asked.end(), 'response');
      response.resume();
      expect(response.statusCode).to.equal(200);
      expect(seen.at(-1)).to.deep.equal({ url: '/v1/models', authorization: `Bearer ${canary}` });
      const { status, head, socket } = await connectTo(at, 'inference.local:443');
      expect(status).to.equal(403);
      expect(head).to.contain('over http, port 80');
      socket.destroy();
    } finally {
      old.close();
    }
  });
});

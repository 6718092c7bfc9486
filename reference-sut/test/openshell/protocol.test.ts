import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { apiServer } from '../../src/gateway/api/server';
import { protocol, protocolHeader } from '../../src/shared/version';

describe('the protocol of a gateway', () => {
  let server: Server;
  let asked = 0;

  before(async () => {
    const answer = () => {
      asked += 1;
      return { asked };
    };
    server = apiServer(Promise.resolve([{ method: 'GET', path: '/v1/status', answer }])).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  async function ask(headers: Record<string, string>): Promise<{ status: number | undefined; body: string }> {
    const { port } = server.address() as AddressInfo;
    const sent = request({ host: '127.0.0.1', port, path: '/v1/status', headers, agent: false }).end();
    const [response] = await once(sent, 'response');
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, body };
  }

  it('is understood by a client of its own kind', async () => {
    expect((await ask({ [protocolHeader]: `${protocol} 0.0.44` })).status).to.equal(200);
  });

  it('refuses a client of the other kind, and does nothing for it', async () => {
    const before = asked;
    const { status, body } = await ask({ [protocolHeader]: '1 0.0.36' });
    expect(status).to.equal(426);
    expect(JSON.parse(body).error).to.match(/is OpenShell 0\.0\.44 and does not understand OpenShell 0\.0\.36/);
    expect(asked).to.equal(before);
  });
});

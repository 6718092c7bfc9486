import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { expect } from 'chai';
import { z } from 'zod';
import { FakeEndpoint } from '../../src/staging/endpoint';
import { Upstream } from '../../src/staging/upstream';
import { until } from '../../src/sut/until';

const choice = z.object({
  message: z.object({ content: z.string() }).optional(),
  delta: z.object({ content: z.string().optional() }).optional(),
  finish_reason: z.string().nullable(),
});
const completion = z.object({ object: z.string(), model: z.string(), choices: z.array(choice).length(1) });

describe('the staged endpoint', () => {
  const credential = `secret-${randomBytes(12).toString('hex')}`;
  const endpoint = new FakeEndpoint('a/model', credential);
  let url = '';
  before(async () => {
    url = await endpoint.listen('127.0.0.1');
  });
  after(() => endpoint.close());
  const request = (
    path: string,
    options: { readonly body?: object | string; readonly credential?: string | null } = {},
  ) => {
    const { body, credential: given = credential } = options;
    return fetch(`${url}${path}`, {
      headers: { 'content-type': 'application/json', ...(given === null ? {} : { authorization: `Bearer ${given}` }) },
      ...(body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  };
  const asks = (prompt: string, more: object = {}) => ({
    model: 'a/model',
    messages: [{ role: 'user', content: prompt }],
    ...more,
  });

  it('lists its model', async () => {
    const response = await request('/models');
    expect(response.status).to.equal(200);
    expect(await response.json())
      .to.deep.include({ object: 'list' })
      .and.nested.include({ 'data[0].id': 'a/model' });
  });

  it('answers a completion with an answer that no other endpoint has', async () => {
    const { object, model, choices } = completion.parse(
      await (await request('/chat/completions', { body: asks('hello') })).json(),
    );
    expect([object, model, choices[0]?.message?.content, choices[0]?.finish_reason]).to.deep.equal([
      'chat.completion',
      'a/model',
      endpoint.answer,
      'stop',
    ]);
    expect(new FakeEndpoint('a/model', credential).answer).not.to.equal(endpoint.answer);
  });

  it('streams the same answer in pieces where it is asked to', async () => {
    const response = await request('/chat/completions', { body: asks('hello', { stream: true }) });
    expect(response.headers.get('content-type')).to.equal('text/event-stream');
    const events = (await response.text()).split('\n\n').filter((one) => one !== '');
    expect(events.at(-1)).to.equal('data: [DONE]');
    const chunks = events.slice(0, -1).map((one) => completion.parse(JSON.parse(one.replace(/^data: /, ''))));
    expect(chunks.length).to.be.greaterThan(3);
    expect(chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('')).to.equal(endpoint.answer);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).to.equal('stop');
  });

  it('refuses another credential, and none, and does not give its answer away', async () => {
    for (const given of ['another', `${credential}x`, null]) {
      for (const path of ['/models', '/chat/completions']) {
        const response = await request(path, {
          credential: given,
          ...(path === '/models' ? {} : { body: asks('hello') }),
        });
        expect(response.status).to.equal(401);
        expect(await response.text()).not.to.include(endpoint.answer);
      }
    }
  });

  it('answers 404 to what it has not', async () => {
    expect((await request('/embeddings', { body: {} })).status).to.equal(404);
    expect((await request('/chat/completions')).status).to.equal(404);
  });

  it('notes every request with its prompt and whose credential it carried, and keeps no credential', async () => {
    const from = endpoint.count;
    await request('/chat/completions', { body: asks('first', { stream: true }) });
    await request('/chat/completions', { body: asks('second'), credential: 'somebody-else-s' });
    await request('/models', { credential: null });
    await request('/chat/completions', { body: '{"not json' });
    const log = endpoint.log(from);
    const noted = log
      .peek()
      .map(({ method, path, credential: whose, prompt, stream }) => [method, path, whose, prompt, stream]);
    expect(noted).to.deep.equal([
      ['POST', '/v1/chat/completions', 'the provider’s', 'first', true],
      ['POST', '/v1/chat/completions', 'another', 'second', false],
      ['GET', '/v1/models', 'none', null, false],
      ['POST', '/v1/chat/completions', 'the provider’s', null, false],
    ]);
    expect(log.entry).to.deep.include({ boundary: 'provider', source: `request log of ${url}` });
    const all = JSON.stringify([endpoint.log().peek(), endpoint.log().entry]);
    expect(all).not.to.include(credential).and.not.include('somebody-else-s');
  });

  it('notes the text of a prompt that comes in parts', async () => {
    const from = endpoint.count;
    const parts = [
      { type: 'text', text: 'one' },
      { type: 'image_url', image_url: {} },
      { type: 'text', text: 'two' },
    ];
    await request('/chat/completions', { body: { model: 'a/model', messages: [{ role: 'user', content: parts }] } });
    expect(endpoint.log(from).peek()[0]).to.include({ prompt: 'one\ntwo', model: 'a/model' });
  });

  it('answers nobody once it is closed, not even over an open connection', async () => {
    const other = new FakeEndpoint('a/model', credential);
    const base = await other.listen('127.0.0.1');
    await (await fetch(`${base}/models`)).text();
    await other.close();
    expect(
      await fetch(`${base}/models`).then(
        (response) => response.status,
        () => 'refused',
      ),
    ).to.equal('refused');
  });
});

describe('the staged upstream', () => {
  const upstream = new Upstream();
  let port = 0;
  before(async () => {
    port = Number((await upstream.listen('127.0.0.1')).split(':')[1]);
  });
  after(() => upstream.close());

  it('counts the connections that ask for a host, and closes them', async () => {
    for (const name of ['registry.npm.test', 'registry.npm.test', 'pypi.test']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`hello ${name}`);
      await new Promise((resolve) => socket.once('close', resolve).resume());
    }
    await until('the connections', async () => upstream.visits('pypi.test').peek() === 1, { within: 2000 });
    expect(upstream.visits('registry.npm.test').peek()).to.equal(2);
    expect(upstream.visits('jira.test').peek()).to.equal(0);
    expect(upstream.visits('registry.npm.test').entry.seen).to.deep.equal({ connections: 2 });
  });

  it('ends though a client holds its connection open without a word', async () => {
    const other = new Upstream();
    const socket = connect(Number((await other.listen('127.0.0.1')).split(':')[1]), '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => socket.destroy());
    // The server has the connection once it is in its own list; a close before would leave it to the kernel.
    await Promise.all([other.close(), closed]);
    expect(socket.destroyed).to.equal(true);
  });
});

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Observation } from '../evidence/observation';

/** One request that reached the endpoint. The credential itself is not kept, only whether it was the right one. */
export interface EndpointRequest {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly credential: 'the provider’s' | 'another' | 'none';
  readonly model: string | null;
  /** The text of the last message. */
  readonly prompt: string | null;
  readonly stream: boolean;
}

const completionSchema = z.looseObject({
  model: z.string().optional(),
  stream: z.boolean().optional(),
  messages: z.array(z.looseObject({ content: z.unknown() })).default([]),
});

const BODY_LIMIT = 4 * 1024 * 1024;

/** A fake OpenAI-compatible endpoint: a real HTTP server with a canned answer of its own and a log of all requests. */
export class FakeEndpoint {
  readonly #requests: EndpointRequest[] = [];
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  /** What every completion says; random, so that nobody else can have said it. */
  readonly answer = `phase9 answer ${randomBytes(8).toString('hex')}`;
  #address = '';

  constructor(
    readonly model: string,
    private readonly credential: string,
  ) {}

  /** Listens on `host`, any port. @returns the base URL, ending in /v1. */
  async listen(host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, host, resolve);
    });
    this.#address = `http://${host}:${(this.#server.address() as AddressInfo).port}/v1`;
    return this.#address;
  }

  get url(): string {
    return this.#address;
  }

  /** The requests since `from`, an index into the log. */
  log(from = 0): Observation<readonly EndpointRequest[]> {
    const now = new Date().toISOString();
    const requests = this.#requests.slice(from);
    const last = requests.at(-1);
    return new Observation(requests, {
      boundary: 'provider',
      kind: 'http',
      source: `request log of ${this.#address}`,
      startedAt: last?.at ?? now,
      finishedAt: now,
      seen: {
        requests: requests.length,
        last: last ? `${last.method} ${last.path}` : null,
        credential: last?.credential ?? null,
        model: last?.model ?? null,
      },
    });
  }

  /** How many requests there are so far. */
  get count(): number {
    return this.#requests.length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      const parsed = completionSchema.safeParse(parse(body));
      const completion = parsed.success ? parsed.data : undefined;
      this.#requests.push({
        at: new Date().toISOString(),
        method: request.method ?? '',
        path: request.url ?? '',
        credential: this.#judge(request.headers.authorization),
        model: completion?.model ?? null,
        prompt: completion ? textOfMessage(completion.messages.at(-1)?.content) : null,
        stream: completion?.stream ?? false,
      });
      this.#answer(request, response, completion?.stream ?? false);
    } catch (error) {
      json(response, 400, { error: { message: error instanceof Error ? error.message : 'bad request' } });
    }
  }

  #judge(header: string | undefined): EndpointRequest['credential'] {
    if (header === undefined) return 'none';
    return header === `Bearer ${this.credential}` ? 'the provider’s' : 'another';
  }

  #answer(request: IncomingMessage, response: ServerResponse, stream: boolean): void {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    if (this.#judge(request.headers.authorization) !== 'the provider’s') {
      json(response, 401, { error: { message: 'not the provider’s credential' } });
    } else if (request.method === 'GET' && path === '/v1/models') {
      json(response, 200, { object: 'list', data: [{ id: this.model, object: 'model', owned_by: 'phase9' }] });
    } else if (request.method === 'POST' && path === '/v1/chat/completions') {
      if (stream) this.#stream(response);
      else {
        const choice = { index: 0, message: { role: 'assistant', content: this.answer }, finish_reason: 'stop' };
        json(response, 200, { ...this.#head('chat.completion'), choices: [choice], usage: usage(this.answer) });
      }
    } else {
      json(response, 404, { error: { message: `no ${request.method} ${path} here` } });
    }
  }

  #head(object: string) {
    return {
      id: `chatcmpl-${randomBytes(6).toString('hex')}`,
      object,
      created: Math.floor(Date.now() / 1000),
      model: this.model,
    };
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const head = this.#head('chat.completion.chunk');
    const chunk = (delta: object, reason: string | null) =>
      response.write(`data: ${JSON.stringify({ ...head, choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`);
    chunk({ role: 'assistant', content: '' }, null);
    for (const word of this.answer.split(/(?<= )/)) chunk({ content: word }, null);
    chunk({}, 'stop');
    response.end('data: [DONE]\n\n');
  }
}

const textPart = z.looseObject({ text: z.string() });

/** The text of a message's content: a string, or parts of which some are text. */
function textOfMessage(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? content : [];
  return parts.flatMap((part: unknown) => textPart.safeParse(part).data?.text ?? []).join('\n');
}

function usage(answer: string) {
  const tokens = answer.split(' ').length;
  return { prompt_tokens: 1, completion_tokens: tokens, total_tokens: tokens + 1 };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error('body of more than 4 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

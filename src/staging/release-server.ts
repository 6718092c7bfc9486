import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

/** Serves the files of one directory, as a release page serves its assets; answers 404 for any other path. */
export class ReleaseServer {
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(private readonly directory: string) {}

  /** Listens on loopback, any port. @returns the base URL, without a trailing slash. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Listens on a socket in the file system, which programs without a network reach. */
  async listenOn(socket: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, resolve);
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = path.normalize(decodeURIComponent((request.url ?? '/').replace(/\?.*$/, '')));
    const file = path.join(this.directory, asked);
    const found = await stat(file).catch(() => undefined);
    if (request.method !== 'GET' || !found?.isFile()) {
      response.writeHead(404).end('Not Found');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': found.size });
    createReadStream(file)
      .on('error', () => response.destroy())
      .pipe(response);
  }
}

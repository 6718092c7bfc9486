import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Observation } from '../evidence/observation';

/**
 * Stands for the hosts that policies open: takes TCP connections and notes which TLS server name each one asks for, then
 * closes. What reaches it has passed the SUT's egress; it holds no certificate, so no request ever succeeds.
 */
export class Upstream {
  readonly #hellos: { readonly at: string; readonly text: string }[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.once('data', (hello) => {
      this.#hellos.push({ at: new Date().toISOString(), text: hello.toString('latin1') });
      socket.end();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  });

  /** Listens on `host`, any port. @returns `host:port`. */
  async listen(host: string): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, host, resolve);
    });
    return `${host}:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How many connections asked for `hostname`. */
  visits(hostname: string): Observation<number> {
    const now = new Date().toISOString();
    const found = this.#hellos.filter(({ text }) => text.includes(hostname));
    return new Observation(found.length, {
      boundary: 'sandbox',
      kind: 'http',
      source: `connections to the staged upstream of ${hostname}`,
      startedAt: found[0]?.at ?? now,
      finishedAt: now,
      seen: { connections: found.length },
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

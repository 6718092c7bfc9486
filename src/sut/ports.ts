import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that the kernel hands out by itself, so that nobody is given one between our look and the SUT's use. */
const FIRST = 20_000;
const LAST = 30_000;

function takes(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port on which nothing listens. @throws when a hundred tries found none. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(FIRST, LAST);
    if (await takes(port)) return port;
  }
  throw new Error(`no free port between ${FIRST} and ${LAST} in 100 tries`);
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { SandboxView } from '../../gateway/api/messages';
import { dockerEnvironment } from '../../shared/docker';
import { privateDirectory, writePrivateFileSync } from '../../shared/private-file';
import { until } from '../../shared/until';
import { configurationDirectory } from '../configuration';
import { Failure } from '../failure';
import { clientOf, part } from '../gateway-client';
import { print, style, table } from '../output';

/** The record of a forward: `forwards/<port>.json`. The start time distinguishes a process from a later one of the same pid. */
interface ForwardRecord {
  readonly port: number;
  readonly sandbox: string;
  readonly pid: number;
  readonly started: string;
}

/** Runs inside the sandbox for one connection: copies its input to the port, and the port's answers to its output. */
const relay = `
import os, socket, sys, threading
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def up():
    while True:
        data = os.read(0, 65536)
        if not data:
            break
        s.sendall(data)
    s.shutdown(socket.SHUT_WR)
threading.Thread(target=up, daemon=True).start()
while True:
    data = s.recv(65536)
    if not data:
        break
    while data:
        data = data[os.write(1, data):]
`.trim();

function directory(): string {
  return join(configurationDirectory(), 'forwards');
}

function file(port: number): string {
  return join(directory(), `${port}.json`);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new Failure(`'${text}' is no port`);
}

/** When a process began, in the kernel's ticks; empty when there is no such process or no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function recordAt(port: number): ForwardRecord | undefined {
  if (!existsSync(file(port))) return undefined;
  const value: unknown = JSON.parse(readFileSync(file(port), 'utf8'));
  const right =
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'pid') === 'number' &&
    typeof Reflect.get(value, 'sandbox') === 'string';
  return right ? (value as ForwardRecord) : undefined;
}

function runs(record: ForwardRecord): boolean {
  return record.started !== '' && startOf(record.pid) === record.started;
}

async function serve(port: number, sandbox: SandboxView): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const args = [
      'exec',
      '--interactive',
      '--user',
      sandbox.user,
      sandbox.container,
      'python3',
      '-c',
      relay,
      String(port),
    ];
    const child = spawn('docker', args, { env: dockerEnvironment(), stdio: ['pipe', 'pipe', 'ignore'] });
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    for (const stream of [socket, child.stdin, child.stdout]) stream.on('error', () => socket.destroy());
    child.on('error', () => socket.destroy());
    socket.on('close', () => child.kill());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Failure(`127.0.0.1:${port} cannot be forwarded`, error.message)));
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
  const record: ForwardRecord = { port, sandbox: sandbox.name, pid: process.pid, started: startOf(process.pid) };
  writePrivateFileSync(file(port), `${JSON.stringify(record)}\n`);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      rmSync(file(port), { force: true });
      process.exit(0);
    });
  }
}

/** `openshell forward start PORT NAME [--background]`. In the background it returns once the port is listened on. */
export async function startForward(
  text: string,
  name: string,
  background: boolean,
  gateway: string | undefined,
): Promise<void> {
  const port = portOf(text);
  const client = clientOf(gateway);
  const sandbox = await client.ask<SandboxView>('GET', `/v1/sandboxes/${part(name)}`);
  if (sandbox.phase !== 'Ready') throw new Failure(`sandbox '${name}' is not ready (phase: ${sandbox.phase})`);
  if (!background) {
    await serve(port, sandbox);
    return print(`${style.good('✓')} Forwarding 127.0.0.1:${port} to sandbox ${name}`);
  }
  const log = join(privateDirectory(directory()), `${port}.log`);
  const output = openSync(log, 'w', 0o600);
  const args = [
    process.argv[1] ?? 'openshell',
    'forward',
    'start',
    String(port),
    name,
    '--gateway',
    client.gateway.name,
  ];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', output, output] });
  closeSync(output);
  child.unref();
  await until(
    `127.0.0.1:${port} to be forwarded`,
    async () => {
      if (recordAt(port)?.pid === child.pid) return true;
      if (child.exitCode === null) return undefined;
      return false;
    },
    { withinMs: 10_000, everyMs: 25 },
  ).then((listening) => {
    if (!listening)
      throw new Failure(
        `127.0.0.1:${port} is not forwarded`,
        ...readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.replace(/^[^×▶]*[×▶] /, '')),
      );
  });
  print(`${style.good('✓')} Forwarding 127.0.0.1:${port} to sandbox ${name} in the background`);
}

/** `openshell forward stop PORT`. */
export async function stopForward(text: string): Promise<void> {
  const port = portOf(text);
  const record = recordAt(port);
  if (!record) throw new Failure(`port ${port} is not forwarded`);
  if (runs(record)) {
    process.kill(record.pid, 'SIGTERM');
    await until(`the forward of port ${port} to end`, async () => (runs(record) ? undefined : true), {
      withinMs: 5_000,
      everyMs: 25,
    });
  }
  rmSync(file(port), { force: true });
  rmSync(join(directory(), `${port}.log`), { force: true });
  print(`${style.good('✓')} Stopped forwarding port ${port}`);
}

/** `openshell forward list`. One whose process is gone is shown as dead. */
export function listForwards(): void {
  const names = existsSync(directory()) ? readdirSync(directory()).filter((name) => name.endsWith('.json')) : [];
  const records = names.flatMap((name) => recordAt(Number.parseInt(name, 10)) ?? []);
  if (records.length === 0) {
    print('No active forwards.');
    return;
  }
  const rows = records.map((each) => [
    each.sandbox,
    '127.0.0.1',
    String(each.port),
    String(each.pid),
    runs(each) ? 'running' : 'dead',
  ]);
  const paint = (cell: string, column: number) =>
    column === 4 ? (cell === 'running' ? style.good(cell) : style.bad(cell)) : cell;
  print(table(['SANDBOX', 'BIND', 'PORT', 'PID', 'STATUS'], rows, paint));
}

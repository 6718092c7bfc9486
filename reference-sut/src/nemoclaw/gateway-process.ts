import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { lock } from 'proper-lockfile';
import { gatewayStateDirectory } from '../shared/home';
import { lastLines } from '../shared/output';
import { privateDirectory } from '../shared/private-file';
import { reasonOf } from '../shared/reason';
import { until } from '../shared/until';
import { gatewayKind } from '../shared/version';
import { CommandFailure } from './failure';
import { GATEWAY_NAME, gatewayStatus, openshell, openshellBinary, openshellMust } from './openshell';
import { applyOverlayfsAutofix } from './overlayfs/autofix';
import { stateDirectory } from './places';

/** A gateway that has sandboxes to bring back needs longer than one that has none (observed: 17 s). Ms. */
const START_WITHIN = 60_000;

/** Port of the gateway on 127.0.0.1: NEMOCLAW_GATEWAY_PORT, else 8080. @throws CommandFailure for no port number. */
export function gatewayPort(): number {
  const text = process.env.NEMOCLAW_GATEWAY_PORT ?? '8080';
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new CommandFailure(`NEMOCLAW_GATEWAY_PORT='${text}' is no port number (1 to 65535).`);
}

function gatewayBinary(): string {
  const cli = openshellBinary();
  const directories = cli.includes('/') ? [dirname(cli)] : (process.env.PATH ?? '').split(delimiter);
  for (const directory of directories) {
    if (existsSync(join(directory, cli.includes('/') ? 'openshell-gateway' : cli))) {
      const gateway = join(directory, 'openshell-gateway');
      if (existsSync(gateway)) return gateway;
    }
  }
  throw new CommandFailure([
    `No openshell-gateway beside ${cli.includes('/') ? cli : 'the openshell on PATH'}.`,
    'Install OpenShell with its gateway, or name it with NEMOCLAW_OPENSHELL_BIN.',
  ]);
}

/** The daemon outlives this command, so it gets none of the caller's credentials. */
function withoutCredentials(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/(TOKEN|KEY|SECRET|PASSWORD)$/i.test(name)));
}

function logTail(file: string): string[] {
  try {
    return lastLines(readFileSync(file, 'utf8'), 5);
  } catch {
    return [];
  }
}

/**
 * Makes sure that the gateway runs and is openshell's active one: uses a gateway that answers on our port, else starts
 * openshell-gateway as a daemon, with log and pid file in its state directory. Where the gateway is a
 * container, openshell starts it.
 * @returns whether it had to be started.
 * @throws CommandFailure with the end of the gateway's log.
 */
export async function ensureGateway(): Promise<boolean> {
  const endpoint = `http://127.0.0.1:${gatewayPort()}`;
  const state = privateDirectory(gatewayKind === 'container' ? stateDirectory() : gatewayStateDirectory());
  // Two onboardings at the same time start one gateway, not two that race for the port.
  const release = await lock(state, { stale: 5_000, retries: { retries: 300, minTimeout: 100, maxTimeout: 250 } });
  try {
    if (await answersAt(endpoint)) return false;
    if (gatewayKind === 'container') {
      await startGatewayContainer();
      return true;
    }
    await selectGateway(endpoint);
    if (await answersAt(endpoint)) return false;
    await startGateway(state, endpoint);
    return true;
  } finally {
    await release();
  }
}

async function startGatewayContainer(): Promise<void> {
  const image = await applyOverlayfsAutofix();
  const start = ['gateway', 'start', '--name', GATEWAY_NAME, '--port', String(gatewayPort())];
  const env = image === undefined ? process.env : { ...process.env, OPENSHELL_CLUSTER_IMAGE: image };
  await openshellMust(start, { within: START_WITHIN, env });
}

async function answersAt(endpoint: string): Promise<boolean> {
  const status = await gatewayStatus();
  return status.connected && status.server?.replace(/\/$/, '') === endpoint;
}

async function selectGateway(endpoint: string): Promise<void> {
  const added = await openshell(['gateway', 'add', endpoint, '--name', GATEWAY_NAME]);
  const selected = await openshell(['gateway', 'select', GATEWAY_NAME]);
  if (selected.status !== 0) {
    throw new CommandFailure(
      `openshell could not be pointed at ${endpoint}: ${(added.stderr || selected.stderr).trim()}`,
    );
  }
}

async function startGateway(state: string, endpoint: string): Promise<void> {
  const binary = gatewayBinary();
  const logFile = join(state, 'openshell-gateway.log');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary, ['--port', String(gatewayPort()), '--state-dir', state], {
    detached: true,
    stdio: ['ignore', log, log],
    env: withoutCredentials(process.env),
    cwd: state,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(`it ended with ${signal ?? `status ${code}`}`));
  });
  const answers = until('the gateway to answer', async () => ((await answersAt(endpoint)) ? true : undefined), {
    withinMs: START_WITHIN,
    everyMs: 100,
  });
  try {
    const outcome = await Promise.race([answers, ended]);
    if (typeof outcome === 'string') {
      answers.catch(() => undefined);
      throw new Error(outcome);
    }
  } catch (error) {
    throw new CommandFailure([
      `The OpenShell gateway ${binary} did not come up on ${endpoint}: ${reasonOf(error)}.`,
      `End of ${logFile}:`,
      ...logTail(logFile),
    ]);
  }
  child.unref();
}

/** Removes the gateway with all that belongs to it, and ends its process where that still runs. */
export async function destroyGateway(): Promise<void> {
  await openshellMust(['gateway', 'destroy', '-g', GATEWAY_NAME], { within: 60_000 });
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** The user's home as HOME names it, so that a private HOME has private state. */
export function home(): string {
  return process.env.HOME || homedir();
}

/** Where the gateway on this host keeps log, pid file and state, unless it is started for another directory. */
export function gatewayStateDirectory(): string {
  return join(home(), '.local', 'state', 'nemoclaw', 'openshell-docker-gateway');
}

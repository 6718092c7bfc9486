import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a gateway keeps its things, by file (observed.md, “Containers” and “One Docker network”). */
export interface StateDirectory {
  readonly root: string;
  readonly database: string;
  readonly pid: string;
  readonly runtime: string;
  readonly log: string;
  readonly tls: string;
  /** What sandboxes see of `tls`, mounted read-only at /etc/openshell-tls. */
  readonly publicTls: string;
}

/** The default directory follows HOME, so that a private HOME has a private gateway. */
export function stateDirectory(root?: string): StateDirectory {
  const at = root ?? join(process.env.HOME ?? homedir(), '.local', 'state', 'nemoclaw', 'openshell-docker-gateway');
  return {
    root: at,
    database: join(at, 'openshell.db'),
    pid: join(at, 'openshell-gateway.pid'),
    runtime: join(at, 'runtime.json'),
    log: join(at, 'openshell-gateway.log'),
    tls: join(at, 'tls'),
    publicTls: join(at, 'tls', 'public'),
  };
}

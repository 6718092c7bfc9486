import { join } from 'node:path';
import { gatewayStateDirectory } from '../shared/home';

/** The files of a gateway's state. */
export interface StateDirectory {
  readonly root: string;
  readonly database: string;
  readonly pid: string;
  readonly runtime: string;
  readonly tls: string;
  /** The part of `tls` that sandboxes see, mounted read-only at /etc/openshell-tls. */
  readonly publicTls: string;
}

export function stateDirectory(at: string = gatewayStateDirectory()): StateDirectory {
  return {
    root: at,
    database: join(at, 'openshell.db'),
    pid: join(at, 'openshell-gateway.pid'),
    runtime: join(at, 'runtime.json'),
    tls: join(at, 'tls'),
    publicTls: join(at, 'tls', 'public'),
  };
}

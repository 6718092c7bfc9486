import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type ServiceManager = 'systemd' | 'init' | 'none';

/** The properties of this machine that set-up needs before it touches the engine. */
export interface Machine {
  readonly root: boolean;
  /** Debian, Ubuntu, or a derivative: it has apt and docker.io. */
  readonly debianLike: boolean;
  readonly serviceManager: ServiceManager;
  readonly env: NodeJS.ProcessEnv;
  /** Log of a dockerd that set-up starts. */
  readonly engineLog: string;
}

/** Inspects this machine. */
export function thisMachine(stateDirectory: string, env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    root: process.getuid?.() === 0,
    debianLike: existsSync('/etc/debian_version') || /\b(debian|ubuntu)\b/.test(textOf('/etc/os-release')),
    serviceManager: serviceManager(),
    env,
    engineLog: path.join(stateDirectory, 'dockerd.log'),
  };
}

function serviceManager(): ServiceManager {
  if (existsSync('/run/systemd/system')) return 'systemd';
  // A `service` program alone proves nothing: images have it without any init that would use it.
  return textOf('/proc/1/comm').trim() === 'init' && existsSync('/etc/init.d/docker') ? 'init' : 'none';
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

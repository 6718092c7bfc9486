import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export type ServiceManager = 'systemd' | 'init' | 'none';

/** What set-up has to know of this machine before it touches the engine. */
export interface Machine {
  readonly root: boolean;
  /** Debian, Ubuntu, or something made from them: apt and docker.io are there. */
  readonly debianLike: boolean;
  readonly serviceManager: ServiceManager;
  readonly env: NodeJS.ProcessEnv;
  /** Where a dockerd that we start writes its log. */
  readonly engineLog: string;
}

/** Looks at this machine. */
export function thisMachine(stateDirectory: string, env: NodeJS.ProcessEnv = process.env): Machine {
  return {
    root: process.getuid?.() === 0,
    debianLike: existsSync('/etc/debian_version') || /\b(debian|ubuntu)\b/.test(readIfThere('/etc/os-release')),
    serviceManager: serviceManager(),
    env,
    engineLog: path.join(stateDirectory, 'dockerd.log'),
  };
}

function serviceManager(): ServiceManager {
  if (existsSync('/run/systemd/system')) return 'systemd';
  // A `service` program alone says nothing: images have it without any init that would use it.
  return readIfThere('/proc/1/comm').trim() === 'init' && existsSync('/etc/init.d/docker') ? 'init' : 'none';
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import type { Settings } from './settings';
import type { StateDirectory } from './state-directory';
import { openshellVersion } from './version';

/** Writes runtime.json and the pid file (observed.md): from then on the gateway counts as started. */
export function writeRuntimeFiles(directory: StateDirectory, settings: Settings): void {
  const wanted = { port: settings.port, network: settings.network, hostsFile: settings.hostsFile ?? null };
  const runtime = {
    version: 1,
    pid: process.pid,
    driver: 'docker',
    platform: process.platform,
    arch: process.arch,
    endpoint: `http://127.0.0.1:${settings.port}`,
    desiredEnvHash: createHash('sha256').update(JSON.stringify(wanted)).digest('hex'),
    gatewayBin: process.argv[1] ?? '',
    openshellVersion,
    dockerHost: process.env.DOCKER_HOST ?? null,
    createdAt: new Date().toISOString(),
  };
  writeFileAtomic.sync(directory.runtime, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 });
  writeFileAtomic.sync(directory.pid, `${process.pid}\n`, { mode: 0o600 });
}

/** Removes them, unless a later gateway has put its own in their place. */
export function removeRuntimeFiles(directory: StateDirectory): void {
  try {
    if (readFileSync(directory.pid, 'utf8').trim() !== String(process.pid)) return;
  } catch {
    return;
  }
  rmSync(directory.pid, { force: true });
  rmSync(directory.runtime, { force: true });
}

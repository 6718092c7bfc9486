import { readFileSync, rmSync } from 'node:fs';
import { prettyJson } from '../shared/json';
import { writePrivateFileSync } from '../shared/private-file';
import { sha256 } from '../shared/sha256';
import { openshellVersion } from '../shared/version';
import type { Settings } from './settings';
import type { StateDirectory } from './state-directory';

/** Writes runtime.json and the pid file: from then on the gateway counts as started. */
export function writeRuntimeFiles(directory: StateDirectory, settings: Settings): void {
  const wanted = { port: settings.port, network: settings.network, hostsFile: settings.hostsFile ?? null };
  const runtime = {
    version: 1,
    pid: process.pid,
    driver: 'docker',
    platform: process.platform,
    arch: process.arch,
    endpoint: `http://127.0.0.1:${settings.port}`,
    desiredEnvHash: sha256(JSON.stringify(wanted)),
    gatewayBin: process.argv[1] ?? '',
    openshellVersion,
    dockerHost: process.env.DOCKER_HOST ?? null,
    createdAt: new Date().toISOString(),
  };
  writePrivateFileSync(directory.runtime, prettyJson(runtime));
  writePrivateFileSync(directory.pid, `${process.pid}\n`);
}

/** Removes them, unless a later gateway has replaced them by its own. */
export function removeRuntimeFiles(directory: StateDirectory): void {
  try {
    if (readFileSync(directory.pid, 'utf8').trim() !== String(process.pid)) return;
  } catch {
    return;
  }
  rmSync(directory.pid, { force: true });
  rmSync(directory.runtime, { force: true });
}

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { layOutMachine } from '../../src/staging/openshell-installer';
import { OpenshellReleases, type Platform } from '../../src/staging/openshell-releases';
import type { CommandResult } from '../../src/sut/command';
import type { InstallerMachine } from '../../src/sut/installer-machine';
import { seconds } from '../../src/sut/until';

export const BOUND = seconds(30);

/**
 * A machine below `directory` whose release host offers the versions given, the newest last.
 * @param script an installer that may pin digests
 */
export function machineIn(directory: string, platform: Platform, versions: readonly string[], script = '') {
  mkdirSync(directory, { recursive: true });
  const machine = layOutMachine(directory, platform);
  const digests = { script, file: path.join(machine.host, 'pinned') };
  const releases = new OpenshellReleases(path.join(machine.host, 'releases'), platform, digests);
  for (const version of versions) releases.publish(version);
  return { machine, releases };
}

/** Runs a script on the machine. */
export async function runScript(machine: InstallerMachine, text: string, ...args: string[]): Promise<CommandResult> {
  const script = path.join(machine.directory, 'script.sh');
  writeFileSync(script, text);
  return (await machine.run(['sh', script, ...args], BOUND)).peek();
}

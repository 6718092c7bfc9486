import type { Observation } from '../evidence/observation';
import { type DockerfileSeen, dockerfilesOf } from '../sut/dockerfiles';
import type { Phase9World } from '../world/world';
import { named } from './named';
import { giveChecksumToolsOfMac, installedEarlier } from './openshell-installer';
import { keepState } from './openshell-machine-state';
import { VM_DRIVER } from './openshell-releases';
import { type RunOver, runOver } from './openshell-whole-release';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Every Dockerfile that the SUT's tree contains, with its declarations of root-filesystem compatibility. */
    dockerfiles: readonly Observation<DockerfileSeen>[];
  }
}

/** Puts the driver for virtual machines onto the machine; nothing has signed it. */
export function leaveVmDriver(world: Phase9World): void {
  installedEarlier(world.get('machine'), world.profile.release.openshellInstaller.pinned, [VM_DRIVER]);
}

export function readDockerfiles(world: Phase9World): void {
  const { rootfsCompatibility } = world.profile.release.openshellInstaller;
  world.set({ dockerfiles: dockerfilesOf(world.own.tree, rootfsCompatibility) });
}

/** The tools by which Macs compute checksums, by the words of the feature. */
const CHECKSUM_TOOLS = {
  'shasum alone': ['shasum'],
  'shasum, and a sha256sum that cannot check': ['shasum', 'sha256sum'],
} as const;

/** Runs the installer with each of these sets of checksum tools, always from the Mac as it was staged. */
export async function runWithToolsOfMac(world: Phase9World, words: readonly string[]): Promise<void> {
  const machine = world.get('machine');
  const restore = keepState(machine);
  const runs: RunOver[] = [];
  for (const what of words) {
    restore();
    giveChecksumToolsOfMac(machine, named<readonly ('shasum' | 'sha256sum')[]>(CHECKSUM_TOOLS, what));
    runs.push(await runOver(world, what));
  }
  world.set({ runsOverEach: runs });
}

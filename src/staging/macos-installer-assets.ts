import type { Observation } from '../evidence/observation';
import { type DockerfileSeen, dockerfilesOf } from '../sut/dockerfiles';
import type { Phase9World } from '../world/world';
import { installedEarlier } from './openshell-installer';
import { VM_DRIVER } from './openshell-releases';

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

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import { named } from './named';
import { type DownloadFault, downloadFaults } from './openshell-download-faults';
import { installerRun } from './openshell-installer';
import { keepState } from './openshell-machine-state';
import { type Archive, neededArchives, type PublishedArchive } from './openshell-releases';
import { OWNERS_FILE, wrongArchives } from './openshell-wrong-archives';
import { tarball } from './tarball';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Runs of the installer with one thing wrong each, every one on the machine as it was staged. */
    faultyRuns: readonly FaultyRun[];
    /** The run after them, with nothing wrong: it shows that the others were refused for what was. */
    faultlessRun: Observation<CommandResult>;
  }
}

/** One run of the installer while one thing was wrong. */
export interface FaultyRun {
  /** In the words of the feature. */
  readonly fault: string;
  /** The archive that it concerns; null where it concerns the machine, and so every archive. */
  readonly archive: Archive | null;
  /** Names of the files that an installer must have asked for, one of them, to meet the fault at all. */
  readonly metBy: readonly string[];
  readonly requests: ReturnType<InstallerMachine['requests']>;
  readonly outcome: Observation<CommandResult>;
  readonly before: Awaited<ReturnType<InstallerMachine['allFiles']>>;
  readonly after: Awaited<ReturnType<InstallerMachine['allFiles']>>;
}

/** The machine as it was staged, and how it becomes so again. */
interface Staged {
  readonly before: FaultyRun['before'];
  restore(): void;
}

type Watched = Pick<FaultyRun, 'requests' | 'outcome' | 'before' | 'after'>;

async function watchedRun(world: Phase9World, { before, restore }: Staged): Promise<Watched> {
  const machine = world.get('machine');
  restore();
  machine.startRecording();
  const outcome = await installerRun(world);
  const after = await machine.allFiles(world.profile.bounds.command);
  return { before, outcome, requests: machine.requests(), after };
}

async function runWithFault(
  world: Phase9World,
  name: string,
  fault: DownloadFault,
  staged: Staged,
): Promise<FaultyRun[]> {
  const [machine, releases] = [world.get('machine'), world.get('releases')];
  const archives = neededArchives(releases.platform);
  if (fault.about === 'machine') {
    const undo = fault.stage(machine);
    try {
      const run = await watchedRun(world, staged);
      return [{ fault: name, archive: null, metBy: archives.map(({ asset }) => asset), ...run }];
    } finally {
      undo();
    }
  }
  const runs: FaultyRun[] = [];
  for (const archive of archives) {
    const run = await releases.whileChanged(archive, fault.change, () => watchedRun(world, staged));
    runs.push({ fault: name, archive, metBy: [fault.about === 'archive' ? archive.asset : archive.checksums], ...run });
  }
  return runs;
}

async function runWithEach(world: Phase9World, faults: readonly (readonly [string, DownloadFault])[]): Promise<void> {
  const machine = world.get('machine');
  const staged = { before: await machine.allFiles(world.profile.bounds.command), restore: keepState(machine) };
  const runs: FaultyRun[] = [];
  for (const [name, fault] of faults) runs.push(...(await runWithFault(world, name, fault, staged)));
  staged.restore();
  world.set({ faultyRuns: runs, faultlessRun: await installerRun(world) });
}

/** Runs the installer with each of these faults: once per archive that the machine needs, or once where it concerns the machine. */
export async function runWithUnverifiable(world: Phase9World, faults: readonly string[]): Promise<void> {
  await runWithEach(
    world,
    faults.map((words) => [words, named(downloadFaults, words)] as const),
  );
}

/** Runs the installer once per archive with each of these contents; the checksum matches what is published. */
export async function runWithWrongArchives(world: Phase9World, contents: readonly string[]): Promise<void> {
  const machine = world.get('machine');
  const { platform } = world.get('releases');
  writeFileSync(
    path.join(machine.home, OWNERS_FILE),
    `This is the owner's, and no program. ${world.own.isolation.token}\n`,
  );
  await runWithEach(
    world,
    contents.map((words) => {
      const members = named(wrongArchives, words);
      const change = ({ archive, version, replaceBy }: PublishedArchive) =>
        replaceBy(tarball(members({ archive, version, platform, machine })));
      return [words, { about: 'archive', change }] as const;
    }),
  );
}

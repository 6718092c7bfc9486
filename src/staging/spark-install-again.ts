import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { DurableState } from '../sut/durable-state';
import type { InstallerMachine } from '../sut/installer-machine';
import { type FoundFile, filesOf } from '../sut/machine-files';
import type { Phase9World } from '../world/world';
import { installerCommand, pipedInstallerCommand } from './public-installer';
import { countPlacing } from './spark-install-placing';
import { asOwner, type Installation, install, installByPipe, installerOf, zshOf } from './spark-install-runs';
import { STARTUP } from './spark-install-settings';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** An installation over one that was there, with what the owner had before and has afterwards. */
    installedAgain: InstalledOver;
    /** One over an installation that was killed again and again, and how the killed ones ended. */
    installedOverHalf: InstalledOver & { readonly killed: readonly Observation<CommandResult>[] };
  }
}

/** What an owner has on a machine, and in the sandbox. */
export interface Possessions {
  readonly files: Observation<readonly FoundFile[]>;
  readonly registry: Observation<CommandResult>;
  readonly note: Observation<CommandResult>;
}

/** An installation over another one. */
export interface InstalledOver {
  readonly installation: Installation;
  readonly before: Possessions;
  readonly after: Possessions;
}

/** The owner's own files, below HOME. */
const OWN_FILES = {
  'notes.txt': 'The owner keeps this.\n',
  '.local/bin/own-tool': '#!/bin/sh\necho own\n',
  '.nemoclaw/own/notes.txt': 'The owner keeps this here.\n',
} as const;

/** The owner's note in the sandbox, below its home. */
const NOTE = 'phase9-own-note.txt';

/** Puts files of the owner's on a machine, and a note into the sandbox. */
export async function addPossessions(world: Phase9World, machine: InstallerMachine): Promise<void> {
  for (const [name, text] of Object.entries(OWN_FILES)) {
    const file = path.join(machine.home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: name.includes('/bin/') ? 0o755 : 0o600 });
  }
  await inSandbox(world, machine, `echo ${world.own.isolation.token} >"$HOME/${NOTE}"`);
}

function inSandbox(world: Phase9World, machine: InstallerMachine, line: string) {
  const call = 'openshell sandbox exec --name "$1" --no-tty -- sh -c "$2"';
  return asOwner(machine, call, world.profile.bounds.inside, {}, world.get('sandbox'), line);
}

/** What the owner has now. */
export async function possessions(world: Phase9World, machine: InstallerMachine): Promise<Possessions> {
  const { registryPath } = new DurableState(machine.home, world.own.tree);
  return {
    files: filesOf(machine.home, [...Object.keys(OWN_FILES), ...STARTUP]),
    registry: await world.own.cli.run(['cat', registryPath], { within: world.profile.bounds.command }),
    note: await inSandbox(world, machine, `cat "$HOME/${NOTE}"`),
  };
}

/** Runs the installer of the checkout over the installation that is there. */
export async function installAgain(world: Phase9World): Promise<void> {
  const spark = world.get('spark');
  await addPossessions(world, spark.machine);
  const before = await possessions(world, spark.machine);
  const installation = await install(world, spark.machine, installerCommand(installerOf(spark)));
  world.set({ installedAgain: { installation, before, after: await possessions(world, spark.machine) } });
}

/** Parts of an installation after which it is killed. */
const KILLED_AFTER = [1 / 3, 1 / 2];

/**
 * Kills the public installer on the second machine after a third of what a first installation puts in place there, then after half of it; then lets it
 * come to its end.
 */
export async function installOverHalfMade(world: Phase9World): Promise<void> {
  const { machine, placings } = world.get('secondSpark');
  const { installer } = world.profile.upgrade;
  const { bounds } = world.profile;
  await addPossessions(world, machine);
  const before = await possessions(world, machine);
  const killed: Observation<CommandResult>[] = [];
  for (const part of KILLED_AFTER) {
    countPlacing(machine, Math.max(1, Math.ceil(placings * part)));
    const environment = { ...world.get('installerEnvironment'), ...zshOf(machine) };
    killed.push(await machine.run(pipedInstallerCommand(installer), bounds.install, environment));
  }
  countPlacing(machine);
  const installation = await installByPipe(world, machine);
  world.set({ installedOverHalf: { installation, killed, before, after: await possessions(world, machine) } });
}

import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { CommandResult } from '../sut/command';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import { named } from './named';
import { installedEarlier, installerRun } from './openshell-installer';
import { keepState } from './openshell-machine-state';
import { hostProgram } from './private-path';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Runs of the installer on machines that differ in one thing, each from the same start. */
    runsOverEach: readonly RunOver[];
    /** The installer's runs after it was killed, one for each replacement; and the run that came to its end. */
    runsAfterKills: readonly RunOver[];
    runToTheEnd: RunOver;
  }
}

/** One run of the installer: over what, and the programs and HOME before and after. */
export interface RunOver {
  /** In the words of the feature, or what the installer was about to do when it was killed. */
  readonly what: string;
  /** A path that a refusal must name; null where the reason lies in no single place. */
  readonly place: string | null;
  readonly before: Files;
  readonly outcome: Observation<CommandResult>;
  readonly requests: ReturnType<InstallerMachine['requests']>;
  readonly after: Files;
}

type Files = Awaited<ReturnType<InstallerMachine['files']>>;

/** Runs the installer, and looks at the programs and HOME before and after. */
export async function runOver(world: Phase9World, what: string, place: string | null = null): Promise<RunOver> {
  const { command } = world.profile.bounds;
  const machine = world.get('machine');
  machine.startRecording();
  const before = await machine.files(command);
  const outcome = await installerRun(world);
  return { what, place, before, outcome, requests: machine.requests(), after: await machine.files(command) };
}

/** Commands that put files in place, by which an installer replaces programs. */
const REPLACING = ['install', 'mv', 'cp', 'ln', 'rm'];

const interrupting = inRepository('fixtures/openshell-installer/interrupting-command');

/** More replacements than this are no installation. */
const MOST_REPLACEMENTS = 40;

/** Puts an interrupting command in place of each command that replaces programs; `host/kill-before` then contains when to kill. */
export function interruptReplacements(machine: InstallerMachine): void {
  for (const name of REPLACING) {
    symlinkSync(hostProgram(name), path.join(machine.host, 'real', name));
    rmSync(path.join(machine.tools, name), { force: true });
    cpSync(interrupting, path.join(machine.tools, name));
  }
}

/**
 * Kills the installer before its first replacement of a program, runs it again undisturbed, and puts the machine back; then before its
 * second one, and so on, until a run comes to its end without being killed.
 * @throws when the installer replaces no program by a command that can be interrupted here
 */
export async function killBeforeEachReplacement(world: Phase9World): Promise<void> {
  const machine = world.get('machine');
  const [limit, counted] = [path.join(machine.host, 'kill-before'), path.join(machine.own, 'replacements')];
  interruptReplacements(machine);
  const restore = keepState(machine);
  const runs: RunOver[] = [];
  for (let call = 1; call <= MOST_REPLACEMENTS; call += 1) {
    writeFileSync(limit, `${call}\n`);
    writeFileSync(counted, '');
    const run = await runOver(world, `it came to its end after ${call - 1} replacements`);
    if (run.outcome.peek().ended === 'exited') {
      if (runs.length === 0) throw new Error('the installer replaced no program by a command that can be interrupted');
      world.set({ runsAfterKills: runs, runToTheEnd: run });
      return;
    }
    const [killedAt = ''] = readFileSync(counted, 'utf8').trimEnd().split('\n').slice(-1);
    const about = killedAt.replaceAll(`${machine.own}/`, '');
    writeFileSync(limit, '0\n');
    runs.push(await runOver(world, `killed before replacement ${call}, \`${about}\``));
    restore();
  }
  throw new Error(`the installer had not ended after ${MOST_REPLACEMENTS} replacements`);
}

/** Runs the installer over each of these, always from the machine as it was staged. */
async function runOverEach(
  world: Phase9World,
  words: readonly string[],
  catalogue: Readonly<Record<string, (machine: InstallerMachine, versions: Versions) => Hindrance>>,
): Promise<readonly RunOver[]> {
  const machine = world.get('machine');
  const restore = keepState(machine);
  const runs: RunOver[] = [];
  for (const what of words) {
    const { place, undo } = named(catalogue, what)(machine, world.profile.release.openshellInstaller);
    try {
      runs.push(await runOver(world, what, place ?? null));
    } finally {
      undo?.();
      restore();
    }
  }
  return runs;
}

type Versions = Pick<Phase9World['profile']['release']['openshellInstaller'], 'pinned' | 'tooNew'>;

/** What was staged: a place that a refusal must name, and what makes the machine writable again. */
interface Hindrance {
  readonly place?: string;
  readonly undo?: () => void;
}

const GATEWAY = 'openshell-gateway';
const SANDBOX = 'openshell-sandbox';
/** Older than any release that NemoClaw supports. */
const OLD = '0.0.1';

const helpersOf =
  (names: readonly string[], version: (versions: Versions) => string) =>
  (machine: InstallerMachine, versions: Versions) => {
    installedEarlier(machine, version(versions), names);
    return {};
  };

/** Sets of programs that are not one release, by the words of the feature. */
export const mixtures = {
  'the gateway is newer': helpersOf([GATEWAY], ({ tooNew }) => tooNew),
  'the gateway is older': helpersOf([GATEWAY], () => OLD),
  'the sandbox helper is newer': helpersOf([SANDBOX], ({ tooNew }) => tooNew),
  'the sandbox helper is older': helpersOf([SANDBOX], () => OLD),
  'both helpers are newer': helpersOf([GATEWAY, SANDBOX], ({ tooNew }) => tooNew),
  'the gateway is an empty file': (machine: InstallerMachine) => {
    writeFileSync(path.join(machine.programs, GATEWAY), '');
    return {};
  },
};

/** What hinders a replacement, by the words of the feature. */
export const hindrances = {
  'the directory of the programs is read-only': (machine: InstallerMachine) => {
    chmodSync(machine.programs, 0o555);
    return { place: machine.programs, undo: () => chmodSync(machine.programs, 0o755) };
  },
  'a directory has the name of the gateway': (machine: InstallerMachine) => {
    const place = path.join(machine.programs, GATEWAY);
    rmSync(place);
    mkdirSync(place);
    writeFileSync(path.join(place, 'kept.txt'), 'The owner keeps this here.\n');
    return { place };
  },
};

/** Runs the installer over each of these mixtures, and last over the whole release. */
export async function runOverMixtures(world: Phase9World, words: readonly string[]): Promise<void> {
  const runs = await runOverEach(world, words, mixtures);
  world.set({ runsOverEach: runs, runToTheEnd: await runOver(world, 'one whole release') });
}

/** Runs the installer while each of these hinders it, and last with nothing in its way. */
export async function runWithHindrances(world: Phase9World, words: readonly string[]): Promise<void> {
  const runs = await runOverEach(world, words, hindrances);
  world.set({ runsOverEach: runs, runToTheEnd: await runOver(world, 'nothing in its way') });
}

import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import type { CommandResult } from '../sut/command';
import { HostCli, textOf } from '../sut/host-cli';
import { InstallerMachine } from '../sut/installer-machine';
import { interruption } from '../world/interruption';
import type { Phase9World } from '../world/world';
import {
  type Archive,
  neededArchives,
  OpenshellReleases,
  type Platform,
  programText,
  tagOf,
} from './openshell-releases';
import { hostProgram } from './private-path';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The machine that the OpenShell installer runs on, and the releases that its release host offers. */
    machine: InstallerMachine;
    releases: OpenshellReleases;
    /** Calls of the recording programs during the installer's run, and its requests to the release host. */
    calls: ReturnType<InstallerMachine['calls']>;
    requests: ReturnType<InstallerMachine['requests']>;
    /** The runs of the installer with one archive each that did not match its checksum, and the run after them with none. */
    tamperedRuns: readonly TamperedRun[];
    untamperedRun: Observation<CommandResult>;
  }
}

/** One run of the installer while one archive was tampered with. */
export interface TamperedRun {
  readonly archive: Archive;
  readonly outcome: Observation<CommandResult>;
  readonly requests: ReturnType<InstallerMachine['requests']>;
  readonly before: Awaited<ReturnType<InstallerMachine['files']>>;
  readonly after: Awaited<ReturnType<InstallerMachine['files']>>;
}

const fixture = inRepository('fixtures/openshell-installer');

/** Programs of this host that an installer finds on its PATH. Every other program there is staged. */
const REAL_TOOLS = [
  ...['bash', 'sh', 'env', 'cat', 'grep', 'sed', 'awk', 'cut', 'head', 'tr', 'sort', 'id', 'dirname', 'basename'],
  ...['mktemp', 'mkdir', 'rm', 'cp', 'mv', 'chmod', 'touch', 'tar', 'gzip', 'install', 'strings'],
];

/**
 * Lays out a machine below `directory`: staged commands, the host's real tools by link, an empty HOME and no OpenShell.
 * @param environment variables that its programs inherit beside HOME, PATH and TMPDIR
 * @throws when this host lacks a tool.
 */
export function layOutMachine(
  directory: string,
  platform: Platform,
  environment: Readonly<Record<string, string>> = {},
): InstallerMachine {
  const cli = new HostCli({
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    env: () => ({
      PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      TERM: 'dumb',
      NEMOCLAW_NON_INTERACTIVE: '1',
      ...environment,
    }),
    cwd: directory,
    logs: path.join(directory, 'logs'),
    signal: interruption,
  });
  const machine = new InstallerMachine(directory, cli);
  for (const one of [machine.programs, machine.home, path.join(machine.own, 'tmp')])
    mkdirSync(one, { recursive: true });
  cpSync(path.join(fixture, 'host'), machine.host, { recursive: true });
  cpSync(path.join(fixture, 'commands'), machine.tools, { recursive: true });
  if (platform.system === 'Darwin') giveChecksumToolsOfMac(machine, ['shasum']);
  for (const name of REAL_TOOLS) symlinkSync(hostProgram(name), path.join(machine.tools, name));
  mkdirSync(path.join(machine.host, 'real'));
  symlinkSync(hostProgram('sha256sum'), path.join(machine.host, 'real/sha256sum'));
  mkdirSync(path.join(machine.host, 'releases'));
  writeFileSync(path.join(machine.host, 'machine'), `${platform.system} ${platform.processor}\n`);
  machine.startRecording();
  return machine;
}

/**
 * Replaces the checksum tools of the machine by these tools of a Mac. What computes behind them is the machine's own sha256sum, which
 * lies where the installer does not find it.
 */
export function giveChecksumToolsOfMac(machine: InstallerMachine, names: readonly ('shasum' | 'sha256sum')[]): void {
  cpSync(path.join(fixture, 'commands/sha256sum'), path.join(machine.host, 'sha256sum'));
  for (const name of ['shasum', 'sha256sum']) rmSync(path.join(machine.tools, name), { force: true });
  for (const name of names) cpSync(path.join(fixture, 'mac-commands', name), path.join(machine.tools, name));
}

/** Puts programs of a release onto the machine, as an earlier installation left them there. */
export function installedEarlier(machine: InstallerMachine, version: string, programs: readonly string[]): void {
  for (const program of programs) {
    const file = path.join(machine.programs, program);
    writeFileSync(file, programText(program, version));
    chmodSync(file, 0o755);
  }
}

/** The ledger's name for the fixture of a machine of this platform. */
function fixtureNameOf({ system }: Platform): string {
  return system === 'Darwin' ? 'macos-installer-assets' : 'linux-installer-assets';
}

/**
 * Stages the machine of a scenario, on which an earlier installation left programs of a release.
 * @throws when a program of the machine could write outside the machine's own part.
 */
export async function stageMachine(
  world: Phase9World,
  platform: Platform,
  release: 'pinned' | 'tooNew',
  programs: readonly string[],
): Promise<void> {
  const { obligations, isolation, directory } = world.own;
  const fixtureName = fixtureNameOf(platform);
  const place = path.join(directory, 'installer');
  let machine: InstallerMachine | undefined;
  await obligations.register({ kind: 'directory', path: place }, fixtureName, () => {
    mkdirSync(place);
    machine = layOutMachine(place, platform, { PHASE9_SCENARIO: isolation.token });
    return `a ${platform.system} machine in ${place}`;
  });
  if (!machine) throw new Error(`${place} was not laid out`);
  const confinement = await proveConfined(machine, world.profile.bounds.command);
  const script = readFileSync(installerOf(world), 'utf8');
  const digests = { script, file: path.join(machine.host, 'pinned') };
  world.set({ machine, releases: new OpenshellReleases(path.join(machine.host, 'releases'), platform, digests) });
  world.staged(fixtureName, { machine: `${platform.system} ${platform.processor}`, confinement });
  installedEarlier(machine, world.profile.release.openshellInstaller[release], programs);
}

/**
 * Checks that a program of the machine can write to its own part and not beside it.
 * @returns the error of the attempt to write beside it
 * @throws when it is otherwise, or when this host does not let a program be confined.
 */
export async function proveConfined(machine: InstallerMachine, within: number): Promise<string> {
  const inside = path.join(machine.own, 'tmp/inside');
  const outside = path.join(machine.directory, 'outside');
  const attempt = await machine.run(['sh', '-c', 'touch "$1"; touch "$2"', 'sh', inside, outside], within);
  const output = textOf(attempt.peek().stderr).trim();
  if (!existsSync(inside)) throw new Error(`a program of the staged machine cannot write to ${inside}: ${output}`);
  if (existsSync(outside)) throw new Error(`a program of the staged machine could write to ${outside}, outside of it`);
  return output;
}

/** Lets the machine's release host offer the pinned release and, as its newest, the one that is too new. */
export function offerReleases(world: Phase9World): void {
  const releases = world.get('releases');
  const { pinned, tooNew } = world.profile.release.openshellInstaller;
  const versions = [pinned, tooNew];
  for (const version of versions) releases.publish(version);
  world.staged(
    fixtureNameOf(releases.platform),
    Object.fromEntries(
      versions.flatMap((version) =>
        neededArchives(releases.platform).map(({ asset }) => [
          `${tagOf(version)}/${asset}`,
          `sha256 ${releases.digestOf(version, asset)}`,
        ]),
      ),
    ),
  );
}

function installerOf(world: Phase9World): string {
  return world.own.durable.inTree(world.profile.release.openshellInstaller.script);
}

/** Runs the OpenShell installer of the SUT on the machine, and returns how it ended. */
export function installerRun(world: Phase9World): Promise<Observation<CommandResult>> {
  return world.get('machine').run(['bash', installerOf(world)], world.profile.bounds.command);
}

/** Runs the OpenShell installer of the SUT on the machine. */
export async function runInstaller(world: Phase9World): Promise<void> {
  const outcome = await installerRun(world);
  const machine = world.get('machine');
  world.set({ outcome, calls: machine.calls(), requests: machine.requests() });
}

/**
 * Runs the installer once for each archive that the machine needs, while just that archive does not match its checksum; and once
 * more with every archive as it was published, which only then shows what the others were refused for.
 */
export async function runInstallerOncePerDownload(world: Phase9World): Promise<void> {
  const { command } = world.profile.bounds;
  const machine = world.get('machine');
  const releases = world.get('releases');
  const runs: TamperedRun[] = [];
  for (const archive of neededArchives(releases.platform)) {
    await releases.tamperedWith(archive, async () => {
      machine.startRecording();
      const before = await machine.files(command);
      const outcome = await installerRun(world);
      runs.push({ archive, before, outcome, requests: machine.requests(), after: await machine.files(command) });
    });
  }
  world.set({ tamperedRuns: runs, untamperedRun: await installerRun(world) });
}

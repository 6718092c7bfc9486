import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { inRepository } from '../repository';
import { HostCli } from '../sut/host-cli';
import { InstallerMachine } from '../sut/installer-machine';
import type { SparkLook } from '../sut/profile';
import { interruption } from '../world/interruption';
import { hostProgram, linkPrograms } from './private-path';

const fixture = inRepository('fixtures/spark-install');
const records = inRepository('fixtures/openshell-installer/host/record.sh');

/** Commands that change a machine as a whole. What a call of one of them would do here is noted, and done to nothing. */
export const MACHINE_CHANGING = [
  ...['systemctl', 'service', 'usermod', 'groupadd', 'gpasswd', 'apt-get', 'apt', 'snap', 'modprobe', 'sysctl'],
  ...['nvidia-ctk', 'update-grub', 'reboot'],
] as const;

/** How the machine's `docker` finds its engine: this host's own, one that only says that it is there, one that says nothing. */
export type EngineOfMachine = 'engine of this host' | 'answers' | 'silent';

/** Directories of the machine that stand in for those of this host, by their name in the machine's own part. */
const PLACES = { etc: '/etc', 'sys-class': '/sys/class' } as const;

/** The machine's directories in which its settings lie, as it may change them. */
export function settingsOf(machine: InstallerMachine): readonly string[] {
  return Object.keys(PLACES).map((name) => path.join(machine.own, name));
}

/**
 * Lays out a machine below `directory` that looks like a DGX Spark wherever an installer could look, with its own HOME, /etc and
 * PATH. It has this host's programs, but for those that an installer brings and those that change a machine as a whole.
 * @param environment what its programs inherit beside HOME, PATH and TMPDIR
 * @throws when this host lacks a program.
 */
export function layOutSpark(
  directory: string,
  look: SparkLook,
  engine: EngineOfMachine,
  environment: Readonly<Record<string, string>>,
): InstallerMachine {
  const cli = new HostCli({
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    env: () => ({ ...environment, PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin' }),
    cwd: directory,
    logs: path.join(directory, 'logs'),
    signal: interruption,
  });
  const places = path.join(directory, 'places');
  const machine = new InstallerMachine(directory, cli, { places, hostNetwork: engine === 'engine of this host' });
  for (const one of [machine.programs, machine.host, path.join(machine.own, 'tmp'), path.join(places, 'as-it-is')])
    mkdirSync(one, { recursive: true });
  cpSync(path.join(fixture, 'homes', look.home), machine.home, { recursive: true });
  cpSync(records, path.join(machine.host, 'record.sh'));
  layOutCommands(machine, look, engine);
  layOutPlaces(machine, places);
  machine.startRecording();
  return machine;
}

function layOutCommands({ tools, host }: InstallerMachine, look: SparkLook, engine: EngineOfMachine): void {
  linkPrograms(tools);
  const stand = (name: string, command = name): void => {
    rmSync(path.join(tools, name), { force: true });
    cpSync(path.join(fixture, 'commands', command), path.join(tools, name));
  };
  for (const name of MACHINE_CHANGING) stand(name, 'stand-in');
  for (const name of ['sudo', 'curl', 'docker']) stand(name);
  writeFileSync(path.join(host, 'curl'), hostProgram('curl'));
  writeFileSync(path.join(host, 'engine'), engine === 'engine of this host' ? hostProgram('docker') : engine);
  if (look.processor !== null) {
    stand('uname');
    writeFileSync(path.join(host, 'uname'), hostProgram('uname'));
    writeFileSync(path.join(host, 'processor'), look.processor);
  }
  if (look.gpu !== null) {
    stand('nvidia-smi');
    writeFileSync(path.join(host, 'gpu'), look.gpu);
  }
}

/** Fills the machine's own /etc and /sys/class: what tells which machine it is, and links to this host's for all the rest. */
function layOutPlaces({ own, tools }: InstallerMachine, places: string): void {
  const etc = path.join(own, 'etc');
  cpSync(path.join(fixture, 'etc'), etc, { recursive: true });
  // Login shells begin with the machine's programs and nothing else.
  writeFileSync(path.join(etc, 'profile'), `PATH=${tools}\nexport PATH\n`);
  mkdirSync(path.join(etc, 'docker'));
  const sysClass = path.join(own, 'sys-class');
  cpSync(path.join(fixture, 'dmi'), path.join(sysClass, 'dmi/id'), { recursive: true });
  const lines = Object.entries(PLACES).map(([name, place]) => {
    linkRest(path.join(own, name), place, path.join(places, 'as-it-is'));
    return `${path.join(own, name)}\t${place}\n`;
  });
  writeFileSync(path.join(places, 'list'), lines.join(''));
}

/** Links what `directory` has not yet to what `place` has, as seen below `asItIs`. */
function linkRest(directory: string, place: string, asItIs: string): void {
  for (const name of readdirSync(place)) {
    const here = path.join(directory, name);
    const there = path.join(place, name);
    if (existsSync(here)) continue;
    // A relative link would lead elsewhere from below.
    const target = lstatSync(there).isSymbolicLink()
      ? path.resolve(place, readlinkSync(there))
      : path.join(asItIs, there);
    symlinkSync(target, here);
  }
}

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

/** Commands that change a machine as a whole. Stand-ins record their calls and change nothing. */
export const MACHINE_CHANGING = [
  ...['systemctl', 'service', 'usermod', 'groupadd', 'gpasswd', 'apt-get', 'apt', 'snap', 'modprobe', 'sysctl'],
  ...['nvidia-ctk', 'update-grub', 'reboot', 'shutdown', 'poweroff', 'useradd', 'adduser', 'addgroup', 'groupmod'],
  ...['chsh', 'loginctl', 'hostnamectl', 'crontab', 'update-initramfs', 'swapon', 'swapoff', 'ufw', 'iptables', 'nft'],
  ...['dnf', 'yum'],
] as const;

/** Engines that are there and cannot be used, as fixtures/spark-install/commands/docker knows them. */
export type UnusableEngine = 'stopped' | 'forbidden' | 'not yet' | 'broken' | 'old' | 'elsewhere';

/**
 * The engine of the machine's `docker`: this host's own, one that only answers that it is there, one that does not answer, or one that
 * answers why it cannot be used.
 */
export type EngineOfMachine = 'engine of this host' | 'answers' | 'silent' | UnusableEngine;

/** The machine's owner where it is not root: the groups that the session has, and those that the owner is registered in. */
export interface OrdinaryOwner {
  readonly name: string;
  readonly active: string;
  readonly registered: string;
}

/** Directories of the machine that replace those of this host, by their name in the machine's own part. */
export const PLACES = { etc: '/etc', 'sys-class': '/sys/class' } as const;

/**
 * Lays out a machine below `directory` that looks like a DGX Spark wherever an installer could look, with its own HOME, /etc and
 * PATH. It has this host's programs except those that an installer brings and those that change a machine as a whole.
 * @param environment variables that its programs inherit beside HOME, PATH and TMPDIR
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
  for (const name of ['sudo', 'curl', 'docker', 'systemctl', 'id']) stand(name);
  if (!existsSync(path.join(tools, 'zsh'))) stand('zsh');
  for (const name of ['curl', 'id']) writeFileSync(path.join(host, name), hostProgram(name));
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

/** Gives the machine another engine, and an owner who is not root where one is named. */
export function changeEngine({ host }: InstallerMachine, engine: UnusableEngine, owner: OrdinaryOwner | null): void {
  const file = path.join(host, 'owner');
  writeFileSync(path.join(host, 'engine'), engine);
  if (owner === null) rmSync(file, { force: true });
  else writeFileSync(file, `${owner.name}\n${owner.active}\n${owner.registered}\n`);
}

/** Fills the machine's own /etc and /sys/class: files that identify a DGX Spark, and links to this host's for all the rest. */
function layOutPlaces({ own, tools, temporary }: InstallerMachine, places: string): void {
  const etc = path.join(own, 'etc');
  cpSync(path.join(fixture, 'etc'), etc, { recursive: true });
  // The PATH of login shells begins with the machine's programs and nothing else.
  writeFileSync(path.join(etc, 'profile'), `PATH=${tools}\nexport PATH\n`);
  mkdirSync(path.join(etc, 'docker'));
  const sysClass = path.join(own, 'sys-class');
  cpSync(path.join(fixture, 'dmi'), path.join(sysClass, 'dmi/id'), { recursive: true });
  const lines = Object.entries(PLACES).map(([name, place]) => {
    linkRest(path.join(own, name), place, path.join(places, 'as-it-is'));
    return `${path.join(own, name)}\t${place}\n`;
  });
  // Programs that do not ask for TMPDIR find the same directory; where the machine itself lies below /tmp, it would hide itself.
  const temporaryFiles = own.startsWith('/tmp/') ? [] : [`${temporary}\t/tmp\n`];
  writeFileSync(path.join(places, 'list'), [...lines, ...temporaryFiles].join(''));
}

/** Links every entry of `place` that `directory` lacks, as seen below `asItIs`. */
function linkRest(directory: string, place: string, asItIs: string): void {
  for (const name of readdirSync(place)) {
    const here = path.join(directory, name);
    const there = path.join(place, name);
    if (existsSync(here)) continue;
    // A relative link would lead elsewhere from the machine's directory.
    const target = lstatSync(there).isSymbolicLink()
      ? path.resolve(place, readlinkSync(there))
      : path.join(asItIs, there);
    symlinkSync(target, here);
  }
}

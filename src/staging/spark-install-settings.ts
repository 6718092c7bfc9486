import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { sha256 } from '../sha256';
import type { InstallerMachine } from '../sut/installer-machine';
import { PLACES } from './spark-install-machine';

/** The machine's settings: each file with its SHA-256 and mode, each link with its target. */
export type MachineSettings = Readonly<Record<string, string>>;

/** Reads every file and link in the directories of the machine's settings, and in HOME what is no installation's own. */
export function readSettings(machine: InstallerMachine): Observation<MachineSettings> {
  const startedAt = new Date().toISOString();
  const directories = Object.keys(PLACES).map((name) => path.join(machine.own, name));
  const found = directories.flatMap((directory) =>
    filesBelow(directory).map((file) => [path.relative(machine.own, file), describe(file)] as const),
  );
  const home = settingsOfHome(machine.home).map(([name, what]) => [path.join('home', name), what] as const);
  const all = Object.fromEntries([...found, ...home].sort());
  return new Observation(all, {
    boundary: 'host-cli',
    kind: 'directory',
    source: [...directories, machine.home].join(' and '),
    startedAt,
    finishedAt: new Date().toISOString(),
    seen: { entries: found.length + home.length, sha256: sha256(JSON.stringify(all)) },
  });
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((file) => !lstatSync(file).isDirectory());
}

/** Where programs keep what they bring and find out; npm and Docker's own builder among them. */
const BROUGHT =
  /^(?:\.nemoclaw|\.openshell|\.npm|\.npm-global|\.nvm|\.cache|\.docker\/buildx|\.local\/(?:bin|state|share\/(?:nemoclaw|openshell))|\.config\/(?:nemoclaw|openshell|configstore))(?:\/|$)|^\.npmrc$/;

/** The owner's settings in HOME: of a shell's startup file the lines that do more than let shells find commands, of others the whole. */
function settingsOfHome(home: string): (readonly [string, string])[] {
  const entries = readdirSync(home, { encoding: 'utf8' }).filter((name) => !BROUGHT.test(name));
  const files = entries.flatMap((name) => {
    const file = path.join(home, name);
    return lstatSync(file).isDirectory() ? filesBelow(file) : [file];
  });
  return files
    .map((file) => path.relative(home, file))
    .filter((name) => !BROUGHT.test(name))
    .flatMap((name) => {
      const file = path.join(home, name);
      if (!STARTUP.includes(name)) return [[name, describe(file)] as const];
      const lines = readFileSync(file, 'utf8').split('\n').filter(doesMore);
      return lines.length === 0 ? [] : [[name, `sha256 ${sha256(lines.join('\n'))}`] as const];
    });
}

/** Files that shells read when they start. */
export const STARTUP = [
  ...['.profile', '.bash_profile', '.bash_login', '.bashrc', '.zshenv', '.zprofile', '.zshrc', '.zlogin'],
  ...['.cshrc', '.tcshrc', '.config/fish/config.fish'],
];

/** Whether a line of a startup file does more than put a directory of installed commands on PATH. */
export function doesMore(line: string): boolean {
  if (line.trim() === '') return false;
  if (SPARK.test(line)) return true;
  if (/^\s*#/.test(line) || /\bNVM_DIR\b/.test(line)) return false;
  const setsPath = /^\s*(?:export\s+)?PATH=\S+\s*$|^\s*(?:fish_add_path|setenv PATH)\s[^;&|]*$/.test(line);
  return !(setsPath && /\.local\/bin|\.nvm|\/node|\/\.?npm/.test(line) && !/[;&|`]|\$\(/.test(line));
}

/** Words of a step for a DGX Spark, or for the machines that it resembles. */
export const SPARK = /spark|cgroup|daemon\.json|jetson|tegra/i;

function describe(file: string): string {
  const kind = lstatSync(file);
  return kind.isSymbolicLink()
    ? `link to ${readlinkSync(file)}`
    : `sha256 ${sha256(readFileSync(file))}, mode ${(kind.mode & 0o7777).toString(8)}`;
}

import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../sha256';
import { directoryDigest } from './directory-digest';
import { engine } from './engine';
import { treeDigest } from './identity';
import { sandboxNameLabel } from './releases/common';

/** Kinds of things that a run may leave on a machine, each by a name that a reader recognises, with what distinguishes its states. */
const KINDS = ['container', 'image', 'network', 'volume', 'home', 'tree', 'port', 'process'] as const;
export type MachineKind = (typeof KINDS)[number];
export type MachineState = Readonly<Record<MachineKind, Readonly<Record<string, string>>>>;

/** What a machine comparison looks at beside the engine. */
export interface MachinePlaces {
  /** The user's own HOME. */
  readonly home: string;
  /** The SUT's tree, where scenarios use it in place; null where each has a copy. */
  readonly tree: string | null;
  /** Programs that the SUT leaves running, by the name of their executable. */
  readonly programs: readonly string[];
}

/** Where NemoClaw and OpenShell keep what a user has of them. */
const OF_THE_SUT = ['.nemoclaw', '.config/openshell', '.local/state/nemoclaw', '.local/share/openshell', '.local/bin'];

/** The machine as it is now. An engine that does not answer has nothing. */
export async function seeMachine({ home, tree, programs }: MachinePlaces): Promise<MachineState> {
  return {
    ...(await engineState()),
    ...homeState(home),
    ...treeState(tree),
    port: listening(),
    process: running(programs, home),
  };
}

async function engineState(): Promise<Pick<MachineState, 'container' | 'image' | 'network' | 'volume'>> {
  try {
    const [containers, images, networks, { Volumes }] = await Promise.all([
      engine().listContainers({ all: true }),
      engine().listImages(),
      engine().listNetworks(),
      engine().listVolumes(),
    ]);
    return {
      container: Object.fromEntries(
        containers.map(({ Id, Names, State }) => [`${Names[0]?.slice(1)} (${Id.slice(0, 12)})`, State]),
      ),
      image: Object.fromEntries(
        images.flatMap(({ Id, RepoTags, Labels }) =>
          tagsOf(Id, RepoTags).map((tag) => [`${tag}${sandboxOf(Labels)}`, Id]),
        ),
      ),
      network: Object.fromEntries(networks.map(({ Name, Id }) => [Name, Id])),
      volume: Object.fromEntries((Volumes ?? []).map(({ Name, Mountpoint }) => [Name, Mountpoint])),
    };
  } catch {
    return { container: {}, image: {}, network: {}, volume: {} };
  }
}

/** An image without a tag goes by its ID. */
function tagsOf(id: string, tags: readonly string[] | undefined): string[] {
  const named = (tags ?? []).filter((tag) => tag !== '<none>:<none>');
  return named.length > 0 ? named : [id.replace('sha256:', '').slice(0, 12)];
}

/** The sandbox that an image was made for, where a label tells; empty where none does. */
function sandboxOf(labels: Readonly<Record<string, string>> | null | undefined): string {
  const sandbox = labels?.[sandboxNameLabel];
  return sandbox === undefined ? '' : ` (sandbox ${sandbox})`;
}

/** The names right in HOME, and everything below the places of NemoClaw and OpenShell. */
function homeState(home: string): Pick<MachineState, 'home'> {
  const names = existsSync(home) ? readdirSync(home).map((name) => [name, 'there'] as const) : [];
  const places = OF_THE_SUT.filter((place) => existsSync(path.join(home, place))).map(
    (place) => [place, directoryDigest(path.join(home, place))] as const,
  );
  return { home: Object.fromEntries([...names, ...places]) };
}

function treeState(tree: string | null): Pick<MachineState, 'tree'> {
  return { tree: tree === null ? {} : { [tree]: treeDigest(tree) } };
}

/** Ports above it the kernel hands out to any program that asks for none in particular. */
const LAST_NAMED_PORT = 32_767;

/** TCP ports on which something listens. */
function listening(): Readonly<Record<string, string>> {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    existsSync(file) ? readFileSync(file, 'latin1').split('\n').slice(1) : [],
  );
  const ports = lines.flatMap((line) => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return state === '0A' ? [Number.parseInt(local.split(':').at(-1) ?? '', 16)] : [];
  });
  return Object.fromEntries(ports.filter((port) => port <= LAST_NAMED_PORT).map((port) => [String(port), 'listens']));
}

/** Processes whose executable, or whose script, has one of these names. Those inside a container are part of that. */
function running(programs: readonly string[], home: string): Readonly<Record<string, string>> {
  const found: [string, string][] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const program = path.basename(readlinkSync(`/proc/${pid}/exe`));
      const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
      const name = [program, path.basename(words[1] ?? '')].find((one) => programs.includes(one));
      if (name === undefined || isInContainer(pid)) continue;
      found.push([`${name} (pid ${pid}${ownerOf(pid, words, home)})`, sha256(pid)]);
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return Object.fromEntries(found);
}

/** Engines call a container's control group by its ID. */
function isInContainer(pid: string): boolean {
  return /\b[0-9a-f]{64}\b/.test(readFileSync(`/proc/${pid}/cgroup`, 'latin1'));
}

/** A scenario's name, as its directory and all that it makes bear it. */
const SCENARIO = /\bp9-[0-9a-z]{4}-\d+\b/;

/**
 * Whose a process is: the scenario or run that its environment names; the scenario in whose directory its HOME or its program lies, where a program gave
 * it an environment of its own; or a HOME other than the user's. Empty where nothing tells.
 */
function ownerOf(pid: string, words: readonly string[], home: string): string {
  const entries = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  const of = (name: string) => entries.find((entry) => entry.startsWith(`${name}=`))?.slice(name.length + 1);
  const [scenario, run, itsHome] = [of('PHASE9_SCENARIO'), of('PHASE9_RUN'), of('HOME')];
  const within = SCENARIO.exec([itsHome, ...words.slice(0, 2)].join('\n'))?.[0];
  if (scenario !== undefined || within !== undefined) return `, scenario ${scenario ?? within}`;
  if (run !== undefined) return `, run ${run}`;
  return itsHome === undefined || itsHome === home ? '' : `, HOME ${itsHome}`;
}

/** One thing that is not as it was. */
export interface MachineDifference {
  readonly kind: MachineKind;
  readonly name: string;
  readonly change: 'new' | 'gone' | 'changed';
}

/** What differs between two looks at one machine, sorted. */
export function machineDifferences(before: MachineState, after: MachineState): readonly MachineDifference[] {
  return KINDS.flatMap((kind) => {
    const [was, is] = [before[kind], after[kind]];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().flatMap((name): MachineDifference[] => {
      if (was[name] === is[name]) return [];
      const change = was[name] === undefined ? 'new' : is[name] === undefined ? 'gone' : 'changed';
      return [{ kind, name, change }];
    });
  });
}

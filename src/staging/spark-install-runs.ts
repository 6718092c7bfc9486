import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { type CommandResult, endedHow } from '../sut/command';
import { DurableState } from '../sut/durable-state';
import { tail } from '../sut/host-cli';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import type { EndpointRequest } from './endpoint';
import type { SparkMachine } from './spark-install';
import { settingsOf } from './spark-install-machine';
import { FLAGS, PIPED } from './upgrade-gateway-survivor';

declare module '../world/scenario-state' {
  interface ScenarioState {
    installed: Installation;
    installedByPipe: Installation;
    /** The former Spark set-up, asked for after the installation. */
    alias: SparkRun;
    /** Installers that were to refuse. */
    refusals: readonly Refusal[];
  }
}


/** The machine's settings: each file with its SHA-256, each link with where it leads. */
export type Settings = Readonly<Record<string, string>>;

/** A command that ran on a machine, and what it did to the machine beside its output. */
export interface SparkRun {
  readonly outcome: Observation<CommandResult>;
  /** Calls of the recording programs in the meantime. */
  readonly calls: ReturnType<InstallerMachine['calls']>;
  readonly before: Observation<Settings>;
  readonly after: Observation<Settings>;
}

/** An installation, and what its owner has of it. */
export interface Installation extends SparkRun {
  /** What the staged endpoint was asked for when the new sandbox asked for models. */
  readonly asked: Observation<readonly EndpointRequest[]>;
  /** What a shell of the owner's tells of the commands: where they lie, what they are, what they say. */
  readonly commands: Observation<CommandResult>;
  /** Texts of the onboarding's session and of the registry. */
  readonly session: Observation<CommandResult>;
  readonly registry: Observation<CommandResult>;
}

/** A run of an installer that was to refuse, and what a fresh login shell finds of the commands afterwards. */
export interface Refusal extends SparkRun {
  /** In words, for comparisons. */
  readonly how: string;
  readonly found: Observation<CommandResult>;
  readonly files: Awaited<ReturnType<InstallerMachine['files']>>;
}

/** Prints where the commands lie that the arguments name, a line each; those that are not found have none. */
const FIND = 'for one; do command -v "$one"; done; true';

/** The same for HOMEs at different places; where a command is a program of a release, and not a script of the installation, its bytes too. */
const DESCRIBE = `
for one in nemoclaw openshell openshell-gateway openshell-sandbox; do
  at=$(command -v "$one") || at=nowhere
  printf '%s lies at %s\\n' "$one" "\${at#"$HOME"/}"
  case $one-$at in openshell*-/*) sha256sum <"$at" ;; esac
done
nemoclaw --version
openshell --version
nemoclaw --help`;

/**
 * Runs a command line in a shell of the owner's who knows where the installer puts commands, whether or not login shells do: what
 * such a shell finds is a question of its own.
 */
export function asOwner(
  machine: InstallerMachine,
  line: string,
  within: number,
  environment: Readonly<Record<string, string>> = {},
  ...args: readonly string[]
): Promise<Observation<CommandResult>> {
  return machine.login(`PATH="$HOME/.local/bin:$PATH"; ${line}`, within, environment, ...args);
}

async function recorded(machine: InstallerMachine, run: () => Promise<Observation<CommandResult>>): Promise<SparkRun> {
  machine.startRecording();
  const before = settings(machine);
  const outcome = await run();
  return { outcome, calls: machine.calls(), before, after: settings(machine) };
}

/** Reads the machine's settings. */
export function settings(machine: InstallerMachine): Observation<Settings> {
  const startedAt = new Date().toISOString();
  const found: [string, string][] = [];
  for (const directory of settingsOf(machine)) {
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(directory, name);
      const kind = lstatSync(file);
      if (kind.isDirectory()) continue;
      const is = kind.isSymbolicLink()
        ? `link to ${readlinkSync(file)}`
        : `sha256 ${createHash('sha256').update(readFileSync(file)).digest('hex')}, mode ${(kind.mode & 0o7777).toString(8)}`;
      found.push([path.relative(machine.own, file), is]);
    }
  }
  const all = Object.fromEntries(found.sort());
  const digest = createHash('sha256').update(JSON.stringify(all)).digest('hex');
  return new Observation(all, {
    boundary: 'host-cli',
    kind: 'directory',
    source: settingsOf(machine).join(' and '),
    startedAt,
    finishedAt: new Date().toISOString(),
    seen: { entries: found.length, sha256: digest },
  });
}

/** Where a fresh login shell finds the commands that an installer brings. */
export function findCommands(machine: InstallerMachine, within: number): Promise<Observation<CommandResult>> {
  return machine.login(FIND, within, {}, 'nemoclaw', 'openshell');
}

/** Installs, with consent, from the owner's checkout or by piping the public installer, and looks at what came of it. */
export async function install(
  world: Phase9World,
  { machine, checkout }: SparkMachine,
  from: 'checkout' | 'public installer',
): Promise<Installation> {
  const { bounds, upgrade } = world.profile;
  const endpoint = world.get('endpoint');
  const durable = new DurableState(machine.home, world.own.tree);
  const argv =
    from === 'checkout'
      ? (['bash', path.join(checkout, 'install.sh'), ...FLAGS] as const)
      : (['bash', '-o', 'pipefail', '-c', PIPED, 'bash', upgrade.installer, ...FLAGS] as const);
  const run = await recorded(machine, () => machine.run([...argv], bounds.install, world.get('installerEnvironment')));
  const before = endpoint.count;
  await asOwner(
    machine,
    'openshell sandbox exec --name "$1" --no-tty -- curl -sS --max-time 20 https://inference.local/v1/models',
    bounds.command,
    {},
    world.get('sandbox'),
  );
  return {
    ...run,
    asked: endpoint.log(before),
    commands: await asOwner(machine, DESCRIBE, bounds.command),
    session: await world.own.cli.run(['cat', durable.sessionPath], { within: bounds.command }),
    registry: await world.own.cli.run(['cat', durable.registryPath], { within: bounds.command }),
  };
}

/** Asks for the former set-up of a Spark. */
export function formerSetUp(world: Phase9World, { machine }: SparkMachine): Promise<SparkRun> {
  const line = `nemoclaw setup-spark ${FLAGS.join(' ')}`;
  return recorded(machine, () =>
    asOwner(machine, line, world.profile.bounds.onboard, world.get('installerEnvironment')),
  );
}

/** Destroys the sandbox and its gateway, where there is one: a second installation needs its names and ports. */
export async function takeDown(world: Phase9World, { machine }: SparkMachine): Promise<void> {
  if (!existsSync(new DurableState(machine.home, world.own.tree).registryPath)) return;
  const line = 'nemoclaw "$1" destroy --yes --cleanup-gateway';
  const call = await asOwner(machine, line, world.profile.bounds.command, {}, world.get('sandbox'));
  const result = call.peek();
  if (result.exit !== 0) throw new Error(`the sandbox was not taken down: ${endedHow(result)}\n${tail(result)}`);
}

/** Runs the installer of the owner's checkout where it is to refuse. */
export async function refused(
  world: Phase9World,
  { machine, checkout }: SparkMachine,
  how: string,
  flags: readonly string[],
): Promise<Refusal> {
  const { bounds } = world.profile;
  const installer = path.join(checkout, 'install.sh');
  const run = await recorded(machine, () => machine.run(['bash', installer, ...flags], bounds.install));
  return {
    ...run,
    how,
    found: await findCommands(machine, bounds.command),
    files: await machine.files(bounds.command),
  };
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { type ArgumentsSeen, watchingArguments } from '../sut/argument-watch';
import { type CommandResult, endedHow } from '../sut/command';
import { DurableState } from '../sut/durable-state';
import { tail } from '../sut/host-cli';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import type { EndpointRequest } from './endpoint';
import { CONSENT, installerCommand, pipedInstallerCommand } from './public-installer';
import { layOutSparkMachine, type SparkMachine } from './spark-install';
import { countPlacing, interruptPlacing, placed } from './spark-install-placing';
import { type MachineSettings, readSettings } from './spark-install-settings';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** Installations from the checkout, and through the public installer on a second machine. */
    installed: Installation;
    installedByPipe: Installation;
    /** The second machine, and how many calls put the files of its first installation in place. */
    secondSpark: { readonly machine: InstallerMachine; readonly placings: number };
    /** The former set-up of a Spark, run after the installation. */
    alias: SparkRun;
    /** Runs of the installer that were to be refused. */
    refusals: readonly Refusal[];
  }
}

/** A command that ran on a machine: its outcome, and its effects on the machine. */
export interface SparkRun {
  readonly outcome: Observation<CommandResult>;
  /** Calls of the recording programs during the run. */
  readonly calls: ReturnType<InstallerMachine['calls']>;
  readonly before: Observation<MachineSettings>;
  readonly after: Observation<MachineSettings>;
}

/** An installation, and what its owner gets from it. */
export interface Installation extends SparkRun {
  /** What the machine's list of processes showed meanwhile. */
  readonly processes: Observation<ArgumentsSeen>;
  /** Requests to the staged endpoint while the new sandbox asked for models. */
  readonly asked: Observation<readonly EndpointRequest[]>;
  /** The installed commands as a shell of the owner's sees them: their places, bytes and output. */
  readonly commands: Observation<CommandResult>;
  /** The files of the onboarding's session and of the registry, printed. */
  readonly session: Observation<CommandResult>;
  readonly registry: Observation<CommandResult>;
}

/** Ways to run the installer of a checkout in which it has to refuse, each with the installer's flags. */
const REFUSED_MANNERS = {
  'as root, with consent': CONSENT,
  'unattended, without consent': ['--non-interactive'],
  'without a terminal, without consent': [],
} as const;
export type RefusedManner = keyof typeof REFUSED_MANNERS;

/** A run of the installer that was to be refused, and the commands that a fresh login shell finds afterwards. */
export interface Refusal extends SparkRun {
  readonly manner: RefusedManner;
  readonly found: Observation<CommandResult>;
  readonly files: Awaited<ReturnType<InstallerMachine['files']>>;
}

/** Prints the path of each command that the arguments name, a line each; nothing for a command that is not found. */
const FIND = 'for one; do command -v "$one"; done; true';

/**
 * Prints paths that do not depend on where HOME lies, the SHA-256 of commands that are programs of a release and no scripts of the
 * installation, and the output of the commands.
 */
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
 * Runs a command line in a shell of the owner's whose PATH includes the directory in which the installer puts commands. Whether a
 * login shell finds them by itself is another question: see {@link findCommands}.
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
  const before = readSettings(machine);
  const outcome = await run();
  return { outcome, calls: machine.calls(), before, after: readSettings(machine) };
}

/** The paths at which a fresh login shell finds the commands that an installer brings. */
export function findCommands(machine: InstallerMachine, within: number): Promise<Observation<CommandResult>> {
  return machine.login(FIND, within, {}, 'nemoclaw', 'openshell');
}

/** Shells other than a login bash that an owner opens, each as it is started. */
const SHELLS = {
  'a terminal': ['bash', '-i'],
  zsh: ['zsh', '-i'],
} as const;
export type OwnersShell = keyof typeof SHELLS;

/** The paths at which a fresh shell of that kind finds the commands that an installer brings. */
export function inShell(
  machine: InstallerMachine,
  shell: OwnersShell,
  within: number,
): Promise<Observation<CommandResult>> {
  const [program, ...options] = SHELLS[shell];
  const command = path.join(machine.tools, program);
  return machine.run([command, ...options, '-c', FIND, program, 'nemoclaw', 'openshell'], within, {
    SHELL: command,
    PROMPT_COMMAND: '',
  });
}

/** Runs an installer that has consent, then reads what it installed and lets the new sandbox ask for models. */
export async function install(
  world: Phase9World,
  machine: InstallerMachine,
  command: [string, ...string[]],
  more: Readonly<Record<string, string>> = {},
): Promise<Installation> {
  const { bounds } = world.profile;
  const endpoint = world.get('endpoint');
  const durable = new DurableState(machine.home, world.own.tree);
  const environment = { ...world.get('installerEnvironment'), ...more };
  const [run, processes] = await watchingArguments(world.get('canaries'), () =>
    recorded(machine, () => machine.run(command, bounds.install, environment)),
  );
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
    processes,
    asked: endpoint.log(before),
    commands: await asOwner(machine, DESCRIBE, bounds.command),
    session: await world.own.cli.run(['cat', durable.sessionPath], { within: bounds.command }),
    registry: await world.own.cli.run(['cat', durable.registryPath], { within: bounds.command }),
  };
}

export function installerOf({ checkout }: SparkMachine): string {
  return path.join(checkout, 'install.sh');
}

/** Installs from the owner's checkout, with consent. */
export async function installFromCheckout(world: Phase9World): Promise<void> {
  const spark = world.get('spark');
  world.set({ installed: await install(world, spark.machine, installerCommand(installerOf(spark))) });
}

/** Pipes the public installer into a shell on a second machine, with consent. */
export async function installOnSecondMachine(world: Phase9World): Promise<void> {
  const { machine } = await layOutSparkMachine(world, 'second', 'engine of this host');
  interruptPlacing(machine);
  countPlacing(machine);
  world.set({ installedByPipe: await installByPipe(world, machine) });
  world.set({ secondSpark: { machine, placings: placed(machine).length } });
}

/** The second machine's owner works in zsh. */
export function zshOf(machine: InstallerMachine): Record<string, string> {
  return { SHELL: path.join(machine.tools, 'zsh') };
}

/** Pipes the public installer into a shell on the second machine, with consent. */
export function installByPipe(world: Phase9World, machine: InstallerMachine): Promise<Installation> {
  return install(world, machine, pipedInstallerCommand(world.profile.upgrade.installer), zshOf(machine));
}

/** Runs the former set-up of a Spark. */
export async function runFormerSetUp(world: Phase9World): Promise<void> {
  const { machine } = world.get('spark');
  const line = `nemoclaw setup-spark ${CONSENT.join(' ')}`;
  const setUp = () => asOwner(machine, line, world.profile.bounds.onboard, world.get('installerEnvironment'));
  world.set({ alias: await recorded(machine, setUp) });
}

/** Destroys the sandbox and its gateway, where there is one: a second installation needs its names and ports. */
export async function takeSandboxDown(world: Phase9World): Promise<void> {
  const { machine } = world.get('spark');
  if (!existsSync(new DurableState(machine.home, world.own.tree).registryPath)) return;
  const line = 'nemoclaw "$1" destroy --yes --cleanup-gateway';
  const call = await asOwner(machine, line, world.profile.bounds.command, {}, world.get('sandbox'));
  const result = call.peek();
  if (result.exit !== 0) throw new Error(`the sandbox was not taken down: ${endedHow(result)}\n${tail(result)}`);
}

/** Runs the installer of the owner's checkout in a way in which it has to refuse. */
export async function runToBeRefused(world: Phase9World, manner: RefusedManner): Promise<void> {
  const refusal = await runRefused(world, world.get('spark'), manner);
  world.set({ refusals: [...(world.getIfSet('refusals') ?? []), refusal] });
}

/** Runs the installer of a checkout where it has to refuse, and looks at what it left. */
export async function runRefused(
  world: Phase9World,
  spark: SparkMachine,
  manner: RefusedManner,
  environment: Readonly<Record<string, string>> = {},
): Promise<Refusal> {
  const { machine } = spark;
  const { bounds } = world.profile;
  const command = installerCommand(installerOf(spark), REFUSED_MANNERS[manner]);
  const run = await recorded(machine, () => machine.run(command, bounds.install, environment));
  const found = await findCommands(machine, bounds.command);
  return { ...run, manner, found, files: await machine.files(bounds.command) };
}

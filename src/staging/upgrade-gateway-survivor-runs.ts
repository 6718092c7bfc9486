import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { sha256 } from '../sha256';
import { agentFacts } from '../sut/agents';
import type { CommandResult } from '../sut/command';
import { type ContainerLife, containerLife } from '../sut/container-life';
import type { Registry } from '../sut/durable-documents';
import { upgradeConsents } from '../sut/releases/owner-environment';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';
import { becomesReady } from './old-sandbox';
import { installerCommand } from './public-installer';
import { blockBackups, stopContainer } from './rebuild';
import { addRegistryExtras } from './registry-session';
import { currentEnvironment, installedCommit, pipeInstaller, type Survivor } from './upgrade-gateway-survivor';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The installer's last run that should change nothing, and the installation just before it. */
    attempt: Observation<CommandResult>;
    beforeAttempt: Installation;
    /** The registry just before the upgrade. */
    registryBeforeUpgrade: Registry;
  }
}

/** The parts of an installation that an installer must leave as they are when it refuses. */
export interface Installation {
  /** The container of the old gateway. */
  readonly gateway: ContainerLife | null;
  /** The containers of all sandboxes, in the order of the scenario's survivors. */
  readonly sandboxes: readonly (ContainerLife | null)[];
  /** SHA-256 of the registry. */
  readonly registry: string;
  /** Commit of the installed source. */
  readonly source: string;
  /** Version that the gateway reports through the openshell on PATH. */
  readonly version: string;
}

/** The readings of an installation. */
export interface InstallationSeen {
  readonly gateway: Observation<ContainerLife | null>;
  readonly sandboxes: readonly Observation<ContainerLife | null>[];
  readonly registry: Observation<string>;
  readonly source: Observation<string>;
  readonly version: Observation<string>;
}

/** The installation as it is now, a reading for each part. */
export async function lookAtInstallation(world: Phase9World): Promise<InstallationSeen> {
  const { durable, gateway } = world.own;
  const sandboxes: Observation<ContainerLife | null>[] = [];
  for (const { name } of world.get('survivors')) {
    const container = (await world.sandbox(name).container()).peek();
    sandboxes.push(await containerLife(container?.name ?? `openshell-${name}`, 'sandbox'));
  }
  return {
    gateway: await containerLife(world.get('oldGateway').container, 'gateway'),
    sandboxes,
    registry: durable.file(durable.registryPath).map(sha256),
    source: await installedCommit(world),
    version: await gateway.version(),
  };
}

/** The installation as it is now, without a trace. */
async function installationNow(world: Phase9World): Promise<Installation> {
  const { gateway, sandboxes, registry, source, version } = await lookAtInstallation(world);
  return {
    gateway: gateway.peek(),
    sandboxes: sandboxes.map((one) => one.peek()),
    registry: registry.peek(),
    source: source.peek(),
    version: version.peek(),
  };
}

/** Runs an installer that should change nothing, and notes the installation just before. */
export async function attempt(world: Phase9World, run: () => Promise<Observation<CommandResult>>): Promise<void> {
  world.set({ beforeAttempt: await installationNow(world) });
  world.set({ attempt: await run() });
}

/** Runs the installer of the SUT's own tree, without consent to the upgrade. */
export async function upgradeWithoutConsent(world: Phase9World): Promise<void> {
  await attempt(world, () => runTreeInstaller(world, {}));
}

/** The same, where the commands of the old release are not on the search path. */
export async function upgradeWithoutConsentOffPath(world: Phase9World): Promise<void> {
  const { environment, durable } = world.own;
  const PATH = (environment.PATH ?? '')
    .split(path.delimiter)
    .filter((directory) => directory !== durable.userPrograms)
    .join(path.delimiter);
  await attempt(world, () => runTreeInstaller(world, { PATH }));
}

function runTreeInstaller(world: Phase9World, more: Readonly<Record<string, string>>) {
  const { cli, tree } = world.own;
  const options = { within: world.profile.bounds.install, env: { ...currentEnvironment(world), ...more } };
  return cli.run(installerCommand(path.join(tree, 'install.sh')), options, 'install.sh');
}

/** The current installer, piped into a shell, with consent to the upgrade. */
export function consentingRun(
  world: Phase9World,
  more: Readonly<Record<string, string>> = {},
  started?: (group: number) => void,
): Promise<Observation<CommandResult>> {
  const consents = upgradeConsents(world.profile.release.installer, world.get('sandbox'));
  return pipeInstaller(world, { ...currentEnvironment(world), ...consents, ...more }, started);
}

/** Runs the current installer with consent while no backup can be written; afterwards it can be again. */
export async function upgradeWithoutBackup(world: Phase9World): Promise<void> {
  blockBackups(world);
  try {
    await attempt(world, () => consentingRun(world));
  } finally {
    rmSync(path.dirname(world.own.durable.backupsOf(world.get('sandbox'))));
  }
}

/** Stops the second sandbox, and runs the current installer with consent. */
export async function upgradeWithOneStopped(world: Phase9World): Promise<void> {
  const second = world.get('survivors').at(-1);
  if (!second) throw new Error('there is no second sandbox');
  await stopContainer(second.container);
  await attempt(world, () => consentingRun(world));
}

/** Pipes the current installer into a shell, with consent to the upgrade. */
export async function upgradeWithConsent(world: Phase9World): Promise<void> {
  const { durable } = world.own;
  const backupsBefore = durable.backups(world.get('sandbox')).peek();
  const registryBeforeUpgrade = durable.registry().peek();
  world.set({ backupsBefore, registryBeforeUpgrade, outcome: await consentingRun(world) });
}

/** Runs the current installer once more, over what it installed. */
export async function installAgain(world: Phase9World): Promise<void> {
  await attempt(world, () => pipeInstaller(world, currentEnvironment(world)));
}

/** The preset that the owner of the second sandbox applies: each known release has it. */
export const SURVIVING_PRESET = 'npm';

/** Onboards a second sandbox under the old gateway, to which its owner applies a preset, and in which is a marker file. */
export async function stageSecondSurvivor(world: Phase9World, sandboxName: string): Promise<void> {
  const { cli, isolation } = world.own;
  const name = sandboxNameFor(world.profile.release.sandboxNames, isolation.token, sandboxName);
  const argv = ['onboard', '--non-interactive', '--yes-i-accept-third-party-software', '--yes'];
  const env = { ...world.get('installerEnvironment'), NEMOCLAW_SANDBOX_NAME: name };
  await cli.must(cli.nemoclaw(argv, { within: world.profile.bounds.onboard, env }));
  await becomesReady(world, name);
  await cli.must(
    cli.nemoclaw([name, 'policy-add', SURVIVING_PRESET, '--yes'], { within: world.profile.bounds.command }),
  );
  const marker = randomBytes(24);
  await world.sandbox(name).write(agentFacts[world.get('agent')].marker, marker);
  world.set({ survivors: [...world.get('survivors'), await survivor(world, name, marker)] });
}

/** Puts into the registry entry of every sandbox what its owner, or an older release, left there beside onboarding's. */
export function stageSurvivorsExtras(world: Phase9World): void {
  addRegistryExtras(
    world,
    world.get('survivors').map(({ name }) => name),
  );
}

/** @throws where the sandbox has no container. */
async function survivor(world: Phase9World, name: string, marker: Buffer): Promise<Survivor> {
  const container = (await world.sandbox(name).container()).peek();
  if (!container) throw new Error(`the sandbox ${name} is Ready and has no container`);
  return { name, container: container.id, marker };
}

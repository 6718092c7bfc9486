import type { CommandResult } from '../sut/command';
import type { Heartbeat } from '../sut/agent-runtime';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { AgentRuntime } from '../sut/agent-runtime';
import { endedHow } from '../sut/command';
import { type ContainerLife, containerLife } from '../sut/container-life';
import { ContainerWatch } from '../sut/container-watch';
import { containersNamed, tagsMatching, volumeThere } from '../sut/engine';
import { tail, textOf } from '../sut/host-cli';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { becomesReady } from './old-sandbox';
import { prepareOnboarding, stageInstance } from './onboarding';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What the operator sets for every run of an installer. */
    installerEnvironment: Readonly<Record<string, string>>;
    oldGateway: OldGateway;
    heartbeat: Heartbeat;
    /** The installer's run without consent to the upgrade, and what was there just before. */
    refusal: Observation<CommandResult>;
    beforeRefusal: OldWorld;
  }
}


/** The gateway of the old release, and who watches its end. */
export interface OldGateway {
  readonly container: string;
  readonly id: string;
  readonly watch: ContainerWatch;
}

/** What an installer that refuses must leave as it is. */
export interface OldWorld {
  readonly gateway: ContainerLife | null;
  readonly survivor: ContainerLife | null;
  /** SHA-256 of the registry. */
  readonly registry: string;
  /** Commit of the installed source. */
  readonly source: string;
  /** Version that the gateway reports through the openshell on PATH. */
  readonly version: string;
}

/** Name of the old gateway's container (contract, “openshell”). */
function containerOf(world: Phase9World): string {
  return `openshell-cluster-${world.profile.gatewayName(world.own.isolation)}`;
}

/** Consent to what the installers put on the machine, which every one of their runs needs. */
export const FLAGS = ['--non-interactive', '--yes-i-accept-third-party-software'];

/** What the documentation tells users to type; the address comes first, then the flags. */
export const PIPED = 'url=$1; shift; curl -fsSL "$url" | bash -s -- "$@"';

/** Runs an installer from a pipe, as the documentation tells users to. */
export function pipeInstaller(world: Phase9World, environment: Readonly<Record<string, string>>) {
  const { cli } = world.own;
  const argv = ['bash', '-o', 'pipefail', '-c', PIPED, 'bash', world.profile.upgrade.installer, ...FLAGS] as const;
  const source = `curl … ${world.profile.upgrade.installer} | bash (${environment.NEMOCLAW_INSTALL_REF})`;
  return cli.run([...argv], { within: world.profile.bounds.install, env: environment }, source);
}

/** Runs the installer of the SUT's own tree. */
export function runInstaller(world: Phase9World, environment: Readonly<Record<string, string>>) {
  const { cli, tree } = world.own;
  const script = path.join(tree, 'install.sh');
  return cli.run(['bash', script, ...FLAGS], { within: world.profile.bounds.install, env: environment }, 'install.sh');
}

/**
 * Runs the installer of the old release as its users did, and lets it onboard the instance that a manifest describes. What
 * came of it is for the next steps to see.
 */
export async function installOldRelease(world: Phase9World, manifest: string, sandboxName: string): Promise<void> {
  const { obligations, isolation } = world.own;
  const { upgrade } = world.profile;
  // Put back after the containers that mount them, so owed before those.
  for (const name of upgrade.volumes(isolation)) {
    await obligations.register({ kind: 'volume', name, there: await volumeThere(name) }, 'survivor');
  }
  const environment = await prepareOnboarding(world, manifest, sandboxName);
  await owesPatchedImages(world);
  await obligations.register({ kind: 'containers', prefix: containerOf(world) }, 'survivor');
  const outcome = await pipeInstaller(world, { ...environment, NEMOCLAW_INSTALL_REF: upgrade.old.ref });
  world.set({ installerEnvironment: environment, outcome });
}

/** Where the user's engine keeps containers on containerd's overlay, the old release makes an image of its own for its gateway. */
async function owesPatchedImages(world: Phase9World): Promise<void> {
  const repository = world.profile.containerGateway?.patchedRepository;
  if (repository === undefined) return;
  const keep = await tagsMatching(new RegExp(`^${repository}:`));
  await world.own.obligations.register({ kind: 'image-repository', repository, keep }, 'survivor');
}

/** @throws with the last words of the old release's installer when there is no gateway of its kind, or no sandbox under it. */
export async function findSurvivor(world: Phase9World): Promise<void> {
  const container = containerOf(world);
  const gateway = (await containersNamed(container)).find(({ name }) => name === container);
  const installed = world.get('outcome').peek();
  if (!gateway || installed.exit !== 0) {
    const what = gateway ? `${container} runs` : `there is no container ${container}`;
    throw new Error(`${what}, and the installer of the old release: ${endedHow(installed)}\n${tail(installed)}`);
  }
  const watch = await ContainerWatch.of(container);
  world.addCleanup('before-restore', async () => watch.close());
  world.set({ oldGateway: { container, id: gateway.id, watch } });
  await becomesReady(world, world.get('sandbox'));
  const survivor = (await world.sandbox().container()).peek();
  if (!survivor) throw new Error(`the sandbox ${world.get('sandbox')} is Ready and has no container`);
  world.set({ containerBefore: survivor.id });
  const version = (await world.sandbox().agentVersion()).peek();
  stageInstance(world);
  world.staged('survivor', { gateway: gateway.id, sandbox: world.get('sandbox'), container: survivor.id, version });
}

export function agentRuntime(world: Phase9World): AgentRuntime {
  return new AgentRuntime(world.own.cli, world.get('sandbox'), world.get('agent'), world.profile.bounds.inside);
}

/**
 * Lets the process of the agent that runs in the survivor drive a heartbeat. Where no such process shows up, that is for the
 * assertion to tell: the heartbeat is that of process 0, which there is not.
 */
export async function stageHeartbeat(world: Phase9World): Promise<void> {
  const runtime = agentRuntime(world);
  const pid = await until(
    'a process of the agent in the survivor',
    async () => (await runtime.processes()).peek().at(0),
    { within: world.profile.bounds.sandboxReady, every: 300, orElse: 'give-up' },
  );
  world.set({ heartbeat: await runtime.startHeartbeat(pid ?? 0) });
}

/** The old gateway, its survivor and what was installed, as they are now, with every reading of it. */
export async function oldWorld(
  world: Phase9World,
): Promise<{ readonly [K in keyof OldWorld]: Observation<OldWorld[K]> }> {
  const { durable, gateway } = world.own;
  const survivor = await world.sandbox().container();
  return {
    gateway: await containerLife(world.get('oldGateway').container, 'gateway'),
    survivor: await containerLife(survivor.peek()?.name ?? `openshell-${world.get('sandbox')}`, 'sandbox'),
    registry: durable.file(durable.registryPath).map((bytes) => createHash('sha256').update(bytes).digest('hex')),
    source: await installedCommit(world),
    version: await gateway.version(),
  };
}

/** HEAD of the installed source. */
export async function installedCommit(world: Phase9World): Promise<Observation<string>> {
  const { cli, durable } = world.own;
  const argv = ['git', '-C', durable.sourcePath, 'rev-parse', 'HEAD'] as const;
  const answer = await cli.must(
    cli.run([...argv], { within: world.profile.bounds.command, boundary: 'durable-state' }),
  );
  return answer.map(({ stdout }) => textOf(stdout).trim());
}

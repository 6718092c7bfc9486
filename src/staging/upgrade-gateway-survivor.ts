import type { Observation } from '../evidence/observation';
import type { Heartbeat } from '../sut/agent-runtime';
import { endedHow } from '../sut/command';
import { ContainerWatch } from '../sut/container-watch';
import { containersNamed, tagsMatching, volumeThere } from '../sut/engine';
import { tail, textOf } from '../sut/host-cli';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';
import { becomesReady } from './old-sandbox';
import { prepareOnboarding, stageInstance } from './onboarding';
import { pipedInstallerCommand } from './public-installer';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The variables that the operator sets for every run of an installer. */
    installerEnvironment: Readonly<Record<string, string>>;
    oldGateway: OldGateway;
    heartbeat: Heartbeat;
    /** Every sandbox under the old gateway; the first is the scenario's own. */
    survivors: readonly Survivor[];
  }
}

/** The gateway of the old release, and the watch that notes its end. */
export interface OldGateway {
  readonly container: string;
  readonly id: string;
  readonly watch: ContainerWatch;
}

/** A sandbox under the old gateway. */
export interface Survivor {
  readonly name: string;
  /** ID of its container. */
  readonly container: string;
  /** The marker file's bytes; absent where its owner left none. */
  readonly marker?: Buffer;
}

/** Name of the old gateway's container (contract, “openshell”). */
function containerOf(world: Phase9World): string {
  return `openshell-cluster-${world.profile.gatewayName(world.own.isolation)}`;
}

/** Runs an installer from a pipe, as the documentation describes it. @param started gets the process group of the run */
export function pipeInstaller(
  world: Phase9World,
  environment: Readonly<Record<string, string>>,
  started?: (group: number) => void,
) {
  const { bounds, upgrade } = world.profile;
  const source = `curl … ${upgrade.installer} | bash (${environment.NEMOCLAW_INSTALL_REF})`;
  const options = { within: bounds.install, env: environment, ...(started && { started }) };
  return world.own.cli.run(pipedInstallerCommand(upgrade.installer), options, source);
}

/** The variables that the operator sets for a run of the current installer. */
export function currentEnvironment(world: Phase9World): Record<string, string> {
  return { ...world.get('installerEnvironment'), NEMOCLAW_INSTALL_REF: world.profile.upgrade.current.ref };
}

/**
 * Runs the installer of the old release as its users did, and lets it onboard the instance that a manifest describes. The next
 * steps check the outcome.
 */
export async function installOldRelease(world: Phase9World, manifest: string, sandboxName: string): Promise<void> {
  const { obligations, isolation } = world.own;
  const { upgrade } = world.profile;
  // Registered before the containers that mount them: the last registered is restored first.
  for (const name of upgrade.volumes(isolation)) {
    await obligations.register({ kind: 'volume', name, there: await volumeThere(name) }, 'survivor');
  }
  const environment = await prepareOnboarding(world, manifest, sandboxName);
  await registerPatchedImages(world);
  await obligations.register({ kind: 'containers', prefix: containerOf(world) }, 'survivor');
  const outcome = await pipeInstaller(world, { ...environment, NEMOCLAW_INSTALL_REF: upgrade.old.ref });
  world.set({ installerEnvironment: environment, outcome });
}

/** Registers the image that the old release builds for its gateway where the engine keeps containers on containerd's overlay. */
async function registerPatchedImages(world: Phase9World): Promise<void> {
  const repository = world.profile.containerGateway?.patchedRepository;
  if (repository === undefined) return;
  const keep = await tagsMatching(new RegExp(`^${repository}:`));
  await world.own.obligations.register({ kind: 'image-repository', repository, keep }, 'survivor');
}

/** @throws with the last lines of the old release's installer where there is no gateway of its kind, or no sandbox under it. */
export async function findSurvivor(world: Phase9World): Promise<void> {
  const container = containerOf(world);
  const gateway = (await containersNamed(container)).find(({ name }) => name === container);
  const installed = world.get('outcome').peek();
  if (!gateway || installed.exit !== 0) {
    const state = gateway ? `${container} runs` : `there is no container ${container}`;
    throw new Error(`${state}, and the installer of the old release: ${endedHow(installed)}\n${tail(installed)}`);
  }
  const watch = await ContainerWatch.of(container);
  world.addCleanup('before-restore', async () => watch.close());
  world.set({ oldGateway: { container, id: gateway.id, watch } });
  await becomesReady(world, world.get('sandbox'));
  const survivor = (await world.sandbox().container()).peek();
  if (!survivor) throw new Error(`the sandbox ${world.get('sandbox')} is Ready and has no container`);
  world.set({ containerBefore: survivor.id, survivors: [{ name: world.get('sandbox'), container: survivor.id }] });
  const version = (await world.sandbox().agentVersion()).peek();
  stageInstance(world);
  world.staged('survivor', { gateway: gateway.id, sandbox: world.get('sandbox'), container: survivor.id, version });
}

/**
 * Starts a heartbeat that lasts as long as the agent's process in the survivor. Where there is no such process, the heartbeat is
 * that of process 0, which never exists, and the assertion about it fails.
 */
export async function stageHeartbeat(world: Phase9World): Promise<void> {
  const runtime = world.agentRuntime();
  const pid = await until(
    'a process of the agent in the survivor',
    async () => (await runtime.firstProcess()).peek() ?? undefined,
    { within: world.profile.bounds.sandboxReady, every: 300, orElse: 'give-up' },
  );
  world.set({ heartbeat: await runtime.startHeartbeat(pid ?? 0) });
}

/** HEAD of the installed source. */
export async function installedCommit(world: Phase9World): Promise<Observation<string>> {
  const { cli, durable } = world.own;
  const argv = ['git', '-C', durable.sourcePath, 'rev-parse', 'HEAD'] as const;
  const options = { within: world.profile.bounds.command, boundary: 'durable-state' } as const;
  const answer = await cli.must(cli.run([...argv], options));
  return answer.map(({ stdout }) => textOf(stdout).trim());
}

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../evidence/observation';
import { tail, textOf } from '../sut/host-cli';
import type { InstallerMachine } from '../sut/installer-machine';
import { trusting } from '../sut/releases/owner-environment';
import { sandboxNameFor } from '../sut/releases/sandbox-names';
import type { Phase9World } from '../world/world';
import { canary } from './canary';
import { FakeEndpoint } from './endpoint';
import { hostAddress, registerEngine } from './engine-use';
import { proveConfined } from './openshell-installer';
import { type EngineOfMachine, layOutSpark } from './spark-install-machine';
import { offerTree, publishTree, type TreeRelease } from './tree-release';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** The name of this host's system, as uname prints it. */
    platform: Observation<string>;
    /** The SUT's tree as a release. */
    release: TreeRelease;
    /** The machine that the scenario is about. */
    spark: SparkMachine;
  }
}

const FIXTURE = 'spark-installer';

/** The model of the staged endpoint. */
const MODEL = 'phase9-model';

/** A machine, and the checkout of NemoClaw that its owner has on it. */
export interface SparkMachine {
  readonly machine: InstallerMachine;
  readonly checkout: string;
}

/** Variables by which an operator consents or answers in advance: each run of an installer here does so by its flags, or not at all. */
const ANSWERS = /^NEMOCLAW_(NON_INTERACTIVE|ACCEPT_THIRD_PARTY_SOFTWARE|YES)$/;

/** The variables that keep the scenario's installation apart from others, and those that redirect git to the release. */
function environmentOf(world: Phase9World, release: TreeRelease): Record<string, string> {
  const { PATH: _, HOME: __, ...inherited } = world.own.environment;
  const kept = Object.entries(inherited).filter(([name]) => !ANSWERS.test(name));
  return { ...Object.fromEntries(kept), ...release.environment };
}

/** Stages the scenario's machine, and notes the system of this host. */
export async function stageSpark(world: Phase9World, engine: EngineOfMachine): Promise<void> {
  const { cli } = world.own;
  const uname = await cli.must(cli.run(['uname', '-s'], { within: world.profile.bounds.command }));
  world.set({ platform: uname.map(({ stdout }) => textOf(stdout).trim()) });
  world.set({ spark: await layOutSparkMachine(world, 'first', engine) });
}

/** Stages the scenario's machine with this host's engine, and what its owner onboards with. */
export async function stageSparkAndOwner(world: Phase9World): Promise<void> {
  await stageOnboarding(world);
  await stageSpark(world, 'engine of this host');
}

/**
 * Lays out a machine that looks like a DGX Spark, with the SUT's tree as a release in its owner's checkout and at the public
 * addresses. A second machine of the same scenario has the same release.
 * @param name of its directory
 */
export async function layOutSparkMachine(
  world: Phase9World,
  name: string,
  engine: EngineOfMachine,
): Promise<SparkMachine> {
  const { obligations, directory } = world.own;
  const place = path.join(directory, 'installer');
  if (!existsSync(place)) {
    await obligations.register({ kind: 'directory', path: place }, FIXTURE, () => {
      mkdirSync(place);
      return `${place} made`;
    });
    world.set({ release: await publishTree(world, path.join(place, 'published')) });
  }
  const release = world.get('release');
  const at = path.join(place, name);
  mkdirSync(at);
  const machine = layOutSpark(at, world.profile.spark, engine, environmentOf(world, release));
  const checkout = await offerTree(world, machine, release);
  world.staged(FIXTURE, { commit: release.commit, ...(await proveSpark(world, machine)) });
  machine.startRecording();
  return { machine, checkout };
}

/** What the machine reports of itself, its engine and its confinement. @throws when it does not look like a DGX Spark. */
async function proveSpark(world: Phase9World, machine: InstallerMachine): Promise<Record<string, string>> {
  const { command } = world.profile.bounds;
  const look =
    'id -u; uname -s; uname -m; . /etc/dgx-release; echo "$DGX_NAME"; cat /sys/class/dmi/id/product_name; ' +
    "docker version --format '{{.Server.Version}}' 2>&1";
  const looked = (await machine.run(['sh', '-c', look], command)).peek();
  const [user = '', system = '', processor = '', name = '', product = '', engine = ''] = textOf(looked.stdout)
    .trim()
    .split('\n');
  if (name !== 'DGX Spark') throw new Error(`the staged machine does not look like a DGX Spark:\n${tail(looked)}`);
  // A user other than root is root of a user namespace here.
  if (user !== '0') throw new Error(`programs of the staged machine run as user ${user}, not as root`);
  const confinement = await proveConfined(machine, command);
  return { machine: `${system} ${processor}, ${name}, ${product}`, user, engine, confinement };
}

/** Stages what the owner onboards with: an endpoint on this host, and keys that must appear nowhere. */
async function stageOnboarding(world: Phase9World): Promise<void> {
  await registerEngine(world);
  const credential = canary(world);
  const endpoint = new FakeEndpoint(MODEL, credential);
  await endpoint.listen(await hostAddress(world));
  world.addCleanup('before-restore', () => endpoint.close());
  const { release } = world.profile;
  const sandbox = sandboxNameFor(release.sandboxNames, world.own.isolation.token, 'assistant');
  const installerEnvironment = {
    NEMOCLAW_SANDBOX_NAME: sandbox,
    NEMOCLAW_PROVIDER: 'custom',
    NEMOCLAW_ENDPOINT_URL: endpoint.url,
    NEMOCLAW_MODEL: MODEL,
    NEMOCLAW_POLICY_MODE: 'skip',
    COMPATIBLE_API_KEY: credential,
    // An owner has more keys than this one onboarding needs.
    NVIDIA_API_KEY: `nvapi-${canary(world)}`,
    ...trusting(release, endpoint.url),
  };
  world.set({ endpoint, sandbox, installerEnvironment });
  world.staged(FIXTURE, { endpoint: endpoint.url, model: MODEL });
}

import type { Observation } from '../evidence/observation';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { tail, textOf } from '../sut/host-cli';
import type { InstallerMachine } from '../sut/installer-machine';
import type { Phase9World } from '../world/world';
import { canary } from './canary';
import { FakeEndpoint } from './endpoint';
import { hostAddress, owesEngine } from './engine-use';
import { proveConfined } from './openshell-installer';
import { type EngineOfMachine, layOutSpark } from './spark-install-machine';
import { offerTree, publishTree, type TreeRelease } from './tree-release';

declare module '../world/scenario-state' {
  interface ScenarioState {
    /** What uname calls this host's system. */
    platform: Observation<string>;
    /** The SUT's tree as a release. */
    release: TreeRelease;
    /** The machine of the Spark install, and what came of installing on it: from the checkout, and through the public installer. */
    spark: SparkMachine;
  }
}


const FIXTURE = 'spark-installer';

/** A model name that the staged endpoint goes by. */
const MODEL = 'phase9-model';

/** What its owner has of a machine: the machine, and the checkout of NemoClaw on it. */
export interface SparkMachine {
  readonly machine: InstallerMachine;
  readonly checkout: string;
}

/** Variables by which an operator accepts or answers beforehand: each run of an installer here does so by itself, or not at all. */
const ANSWERS = /^NEMOCLAW_(NON_INTERACTIVE|ACCEPT_THIRD_PARTY_SOFTWARE|YES)$/;

/** The variables of the scenario that keep its installation apart from others, and what sends git to the release. */
function environmentOf(world: Phase9World, release: TreeRelease): Record<string, string> {
  const { PATH: _, HOME: __, ...inherited } = world.own.environment;
  const kept = Object.entries(inherited).filter(([name]) => !ANSWERS.test(name));
  return { ...Object.fromEntries(kept), ...release.environment };
}

/**
 * Stages a machine that looks like a DGX Spark, and the SUT's tree as the release that it finds in its checkout and at the public
 * addresses. A second one of the same scenario finds the same release.
 * @param name of its directory
 */
export async function stageSpark(world: Phase9World, name: string, engine: EngineOfMachine): Promise<SparkMachine> {
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

/** What the machine says of itself, its engine and its bounds. @throws when it does not look like a DGX Spark. */
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
  // Whoever is not root is root of a namespace here.
  if (user !== '0') throw new Error(`programs of the staged machine run as user ${user}, not as root`);
  const confinement = await proveConfined(machine, command);
  return { machine: `${system} ${processor}, ${name}, ${product}`, user, engine, confinement };
}

/** Stages what the owner onboards with: an endpoint on this host, and keys that must show up nowhere. */
export async function stageOnboarding(world: Phase9World): Promise<void> {
  await owesEngine(world);
  const credential = canary(world);
  const endpoint = new FakeEndpoint(MODEL, credential);
  await endpoint.listen(await hostAddress());
  world.addCleanup('before-restore', () => endpoint.close());
  const sandbox = `${world.own.isolation.token}-assistant`;
  const installerEnvironment = {
    NEMOCLAW_SANDBOX_NAME: sandbox,
    NEMOCLAW_PROVIDER: 'custom',
    NEMOCLAW_ENDPOINT_URL: endpoint.url,
    NEMOCLAW_MODEL: MODEL,
    NEMOCLAW_POLICY_MODE: 'skip',
    COMPATIBLE_API_KEY: credential,
    // An owner has more keys than this one onboarding needs.
    NVIDIA_API_KEY: `nvapi-${canary(world)}`,
  };
  world.set({ endpoint, sandbox, installerEnvironment });
  world.staged(FIXTURE, { endpoint: endpoint.url, model: MODEL });
}

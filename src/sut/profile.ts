import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import type { AgentName } from './agents';
import { minutes, seconds } from './duration';

/** Bounds of the SUT's operations, in ms. */
export interface Bounds {
  readonly onboard: number;
  readonly rebuild: number;
  /** An installer, from its first line to onboarded sandboxes. */
  readonly install: number;
  /** A short host command: status, list, policy-add … */
  readonly command: number;
  /** A command inside a sandbox. */
  readonly inside: number;
  readonly imageBuild: number;
  readonly sandboxReady: number;
}

/** The old release of an agent from which an old sandbox is made. */
export interface OldAgent {
  readonly version: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** The SUT's OpenShell installer, and the releases that its scenarios turn on. */
export interface OpenshellInstaller {
  /** Path in the SUT's tree. */
  readonly script: string;
  /** The release that this NemoClaw pins, and the highest that it supports. */
  readonly pinned: string;
  /** A release above that. */
  readonly tooNew: string;
  /** Names under which Dockerfiles declare compatibility with a virtual machine's root filesystem. */
  readonly rootfsCompatibility: RegExp;
}

/** One release of NemoClaw as its installer is asked for it, and the OpenShell that it brings. */
export interface Release {
  readonly ref: string;
  readonly openshell: string;
}

/** The two releases of the gateway upgrade, and where installers get them. */
export interface UpgradeReleases {
  /** Its gateway is a container (contract, “openshell”). */
  readonly old: Release;
  readonly current: Release;
  /** Public addresses: the installer to pipe into a shell, the git repository, and what OpenShell's assets begin with. */
  readonly installer: string;
  readonly repository: string;
  readonly assets: string;
  /** A directory that holds all of that (`install.sh`, `nemoclaw.git`, `openshell/`); null where it comes from the public addresses. */
  readonly local: string | null;
  /** Volumes of the old gateway. */
  readonly volumes: (own: Isolation) => readonly string[];
}

/** How a sandbox's image is built from the tree, on a base that is built from it too. */
export interface SandboxImage {
  /** Path in the SUT's tree. */
  readonly dockerfile: string;
  /** The build argument that names the base. */
  readonly baseArgument: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** What the machine of the Spark install looks like beyond what it says of itself in files. */
export interface SparkLook {
  /** The processor that uname tells of; null: this host's own. */
  readonly processor: string | null;
  /** The GPU that nvidia-smi tells of; null: whatever this host has. */
  readonly gpu: string | null;
  /** Login profile of its owner, as the distribution ships it: root's knows no ~/.local/bin, that of a user does. */
  readonly home: 'root' | 'user';
}

/** A release whose gateway is a container, which starts a cluster in there (contract, “Overlayfs autofix”). */
export interface ContainerGateway {
  readonly release: Release;
  /** The cluster's image as OpenShell ships it. */
  readonly clusterImage: string;
  /** Where the cluster keeps what its containers are made from. */
  readonly clusterData: string;
  /** Repository of the images that the fix makes of it. */
  readonly patchedRepository: string;
  readonly containerOf: (own: Isolation) => string;
  /** Paths in the release's tree: its programs, its OpenShell installer, and what makes a sandbox's base and its image. */
  readonly programs: string;
  readonly openshellInstaller: string;
  readonly baseDockerfile: string;
  readonly sandboxDockerfile: string;
}

/** All that differs between two systems under test. Features, steps and staging know nothing else of which one it is. */
export interface Profile {
  readonly name: 'reference' | 'live';
  /** Evidence is kept apart by kind: what the reference SUT shows never counts as evidence about the product. */
  readonly kind: 'reference' | 'product';
  /** The directory that holds the SUT. */
  readonly distribution: string;
  /** Its source tree (Dockerfile.base, agents/, nemoclaw-blueprint/), relative to the distribution. */
  readonly tree: string;
  /** Directories with its programs, put before PATH, relative to the distribution. */
  readonly programs: readonly string[];
  /** `copy`: each scenario has its own distribution; `in-place`: it is shared, and a scenario that mutates it holds a lock. */
  readonly isolation: 'copy' | 'in-place';
  readonly nemoclaw: readonly [string, ...string[]];
  readonly openshell: readonly [string, ...string[]];
  readonly gatewayName: (own: Isolation) => string;
  /** The environment that keeps two installations apart, where the SUT has a way to. */
  readonly isolate: (own: Isolation) => Readonly<Record<string, string>>;
  /** The Docker network of the gateway. */
  readonly network: (own: Isolation) => string;
  /**
   * Where the SUT has its agents' base images cached: under the scenario's own tag, or under a tag of the user's engine that ends
   * so (its registry is never spelt out here).
   */
  readonly cachedBaseImage: 'own-tag' | Readonly<Record<AgentName, RegExp>>;
  /** How the SUT is told where a host name is to be dialled; null where names are resolved as usual. */
  readonly hostsVariable: string | null;
  /** Images that the SUT makes of a sandbox; a pattern over the image reference. */
  readonly sandboxImages: string;
  readonly oldAgents: Readonly<Record<AgentName, OldAgent>>;
  readonly openshellInstaller: OpenshellInstaller;
  readonly upgrade: UpgradeReleases;
  /** The sandbox images of the agents, each with its own entry point. */
  readonly sandboxImage: Readonly<Record<AgentName, SandboxImage>>;
  /** Policy files of the tree that say what an OpenClaw sandbox may do, by default and once its owner permits all. */
  readonly openclawPolicies: readonly string[];
  /** Null where the SUT starts no such gateway. */
  readonly containerGateway: ContainerGateway | null;
  readonly bounds: Bounds;
  readonly spark: SparkLook;
}

/** A system under test that is not there, or not as the profile needs it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** What a scenario has for itself. */
export interface Isolation {
  readonly token: string;
  readonly gatewayPort: number;
  readonly dashboardPort: number;
  readonly hostsFile: string;
  readonly baseImage: string;
}

const repository = path.resolve(__dirname, '../..');

/** Gateways in containers side by side need names of their own. */
function referenceGateway({ token }: Pick<Isolation, 'token'>): string {
  return `${token}-gateway`;
}

/** The addresses that the product's documentation gives. */
const publicReleases = {
  installer: 'https://www.nvidia.com/nemoclaw.sh',
  repository: 'https://github.com/NVIDIA/NemoClaw.git',
  assets: 'https://github.com/NVIDIA/OpenShell/releases/download/',
};

/** The same in either SUT: the script's behaviour is the contract's. */
const openshellInstaller: OpenshellInstaller = {
  script: 'scripts/install-openshell.sh',
  pinned: '0.0.44',
  tooNew: '0.0.45',
  rootfsCompatibility: /(?:VM|ROOTFS)\w*COMPAT|COMPAT\w*(?:VM|ROOTFS)/,
};

/** The same in either SUT. */
const hermesImage: SandboxImage = {
  dockerfile: 'agents/hermes/Dockerfile',
  baseArgument: 'BASE_IMAGE',
  buildArguments: {},
};
/** The same in either SUT (contract, “A policy file”). */
const openclawPolicies = [
  'nemoclaw-blueprint/policies/openclaw-sandbox.yaml',
  'nemoclaw-blueprint/policies/openclaw-sandbox-permissive.yaml',
  'agents/openclaw/policy-permissive.yaml',
];

function referenceProfile(): Profile {
  return {
    name: 'reference',
    kind: 'reference',
    distribution: path.join(repository, 'reference-sut/dist'),
    tree: 'nemoclaw',
    programs: ['nemoclaw/bin', 'openshell'],
    isolation: 'copy',
    nemoclaw: ['nemoclaw'],
    openshell: ['openshell'],
    gatewayName: referenceGateway,
    isolate: ({ token, gatewayPort, dashboardPort, hostsFile, baseImage }) => ({
      NEMOCLAW_GATEWAY_NAME: referenceGateway({ token }),
      NEMOCLAW_GATEWAY_PORT: String(gatewayPort),
      NEMOCLAW_DASHBOARD_PORT: String(dashboardPort),
      OPENSHELL_DOCKER_NETWORK_NAME: `openshell-${token}`,
      OPENSHELL_HOSTS_FILE: hostsFile,
      NEMOCLAW_SANDBOX_BASE_IMAGE_REF: baseImage,
    }),
    network: ({ token }) => `openshell-${token}`,
    cachedBaseImage: 'own-tag',
    hostsVariable: 'OPENSHELL_HOSTS_FILE',
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: {
      openclaw: { version: '2026.4.24', buildArguments: { OPENCLAW_VERSION: '2026.4.24' } },
      hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: '0.13.0' } },
    },
    openshellInstaller,
    upgrade: {
      ...publicReleases,
      old: { ref: 'v0.0.36', openshell: '0.0.36' },
      current: { ref: 'v0.0.53', openshell: '0.0.44' },
      local: path.join(repository, 'reference-sut/dist-releases'),
      volumes: (own) => [
        `openshell-cluster-${referenceGateway(own)}`,
        `openshell-cluster-${referenceGateway(own)}-trust`,
      ],
    },
    sandboxImage: {
      openclaw: { dockerfile: 'Dockerfile', baseArgument: 'BASE_IMAGE', buildArguments: {} },
      hermes: hermesImage,
    },
    openclawPolicies,
    containerGateway: {
      release: { ref: 'v0.0.36', openshell: '0.0.36' },
      clusterImage: 'nemoclaw-reference/openshell-cluster:0.0.36',
      clusterData: '/var/lib/rancher/k3s',
      patchedRepository: 'nemoclaw-cluster',
      containerOf: (own) => `openshell-cluster-${referenceGateway(own)}`,
      programs: 'bin',
      openshellInstaller: 'scripts/install-openshell.sh',
      baseDockerfile: 'Dockerfile.base',
      sandboxDockerfile: 'Dockerfile',
    },
    bounds: {
      onboard: minutes(2),
      rebuild: minutes(2),
      install: minutes(4),
      command: seconds(30),
      inside: seconds(30),
      imageBuild: minutes(2),
      sandboxReady: seconds(30),
    },
    spark: { processor: 'aarch64', gpu: 'NVIDIA GB10', home: 'root' },
  };
}

/** The program `name`, from a checkout's bin/ (as a command or as a script for Node), else from PATH. */
function programOf(root: string, name: string): readonly [string, ...string[]] {
  const direct = path.join(root, 'bin', name);
  if (existsSync(direct)) return [direct];
  const script = path.join(root, 'bin', `${name}.js`);
  if (existsSync(script)) return [process.execPath, script];
  return [name];
}

function onPath(name: string): string | undefined {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    const candidate = path.join(directory, name);
    if (existsSync(candidate)) return realpathSync(candidate);
  }
  return undefined;
}

/** A source tree is where the blueprint lies: NEMOCLAW_ROOT, else around the installed `nemoclaw`, else ~/.nemoclaw/source. */
function liveRoot(): string {
  const named = process.env.NEMOCLAW_ROOT;
  const candidates = named ? [path.resolve(named)] : [];
  if (!named) {
    const program = onPath('nemoclaw');
    for (let at = program && path.dirname(program); at && at !== path.dirname(at); at = path.dirname(at))
      candidates.push(at);
    candidates.push(path.join(process.env.HOME ?? '/', '.nemoclaw/source'));
  }
  const found = candidates.find((one) => existsSync(path.join(one, 'nemoclaw-blueprint/blueprint.yaml')));
  if (!found) {
    throw new ProfileError(
      named
        ? `NEMOCLAW_ROOT=${named}: no nemoclaw-blueprint/blueprint.yaml there; name a NemoClaw checkout or installation`
        : 'the live profile found no NemoClaw: set NEMOCLAW_ROOT to a checkout, or put nemoclaw and openshell on PATH',
    );
  }
  return found;
}

function liveProfile(): Profile {
  const root = liveRoot();
  return {
    name: 'live',
    kind: 'product',
    distribution: root,
    tree: '.',
    programs: [],
    isolation: 'in-place',
    nemoclaw: programOf(root, 'nemoclaw'),
    openshell: ['openshell'],
    gatewayName: () => 'nemoclaw',
    // HOME is the scenario's own; the user's Docker configuration (plugins, credentials for pulls) is not to be missed for that.
    isolate: () => ({ DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? path.join(homedir(), '.docker') }),
    network: () => 'openshell-docker',
    cachedBaseImage: {
      openclaw: /\/nemoclaw\/sandbox-base:latest$/,
      hermes: /\/nemoclaw\/hermes-sandbox-base:latest$/,
    },
    hostsVariable: null,
    sandboxImages: '^openshell/sandbox-from:',
    oldAgents: {
      openclaw: { version: '2026.5.20', buildArguments: { OPENCLAW_VERSION: '2026.5.20' } },
      hermes: { version: '2026.5.7', buildArguments: { HERMES_VERSION: 'v2026.5.7' } },
    },
    openshellInstaller,
    upgrade: {
      ...publicReleases,
      old: { ref: 'v0.0.36', openshell: '0.0.36' },
      current: { ref: 'v0.0.53', openshell: '0.0.44' },
      local: null,
      volumes: () => ['openshell-cluster-nemoclaw'],
    },
    // As the image was built whose starts were observed.
    sandboxImage: {
      openclaw: {
        dockerfile: 'Dockerfile',
        baseArgument: 'BASE_IMAGE',
        buildArguments: { NEMOCLAW_DISABLE_DEVICE_AUTH: '1' },
      },
      hermes: hermesImage,
    },
    openclawPolicies,
    // The product starts its gateway on the host on every Linux, and the fix lies on the other way (observed-runtime.md, F).
    containerGateway: null,
    bounds: {
      onboard: minutes(10),
      rebuild: minutes(10),
      install: minutes(30),
      command: minutes(1),
      inside: minutes(1),
      imageBuild: minutes(15),
      sandboxReady: minutes(2),
    },
    // Its OpenShell runs on the processor that it was made for, its onboarding would use a GPU, and its installer leaves login
    // profiles alone where it installs for one user (observed).
    spark: { processor: null, gpu: null, home: 'user' },
  };
}

/**
 * The profile of that name.
 * @throws ProfileError when the name is unknown, or the SUT it speaks of is not there.
 */
export function profileOf(name: string): Profile {
  if (name === 'reference') return referenceProfile();
  if (name === 'live') return liveProfile();
  throw new ProfileError(`unknown profile "${name}"; there are: reference, live`);
}

import type { AgentName } from './agents';
import type { InstallerRef, OldAgent, Release, SandboxImage } from './releases/release';

export type { OldAgent, Release, SandboxImage };

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
  /** From the end of a rebuild until the agent runs and answers. */
  readonly agentReady: number;
  /** One turn of an agent. */
  readonly turn: number;
}

/** The two releases of the gateway upgrade, and where installers get them. */
export interface UpgradeReleases {
  /** Its gateway is a container (contract, “openshell”). */
  readonly old: InstallerRef;
  readonly current: InstallerRef;
  /** Public addresses: the installer to pipe into a shell, the git repository, and what OpenShell's assets begin with. */
  readonly installer: string;
  readonly repository: string;
  readonly assets: string;
  /** A directory with all of that (`install.sh`, `nemoclaw.git`, `openshell/`); null where it comes from the public addresses. */
  readonly local: string | null;
  /** Volumes of the old gateway. */
  readonly volumes: (own: Isolation) => readonly string[];
}

/** What the machine of the Spark install looks like, apart from its files. */
export interface SparkLook {
  /** The processor that uname prints; null: this host's own. */
  readonly processor: string | null;
  /** The GPU that nvidia-smi prints; null: whatever this host has. */
  readonly gpu: string | null;
  /** Login profile of its owner, as the distribution ships it: root's knows no ~/.local/bin, that of a user does. */
  readonly home: 'root' | 'user';
}

/** A release whose gateway is a container, which starts a cluster in there (contract, “Overlayfs autofix”). */
export interface ContainerGateway {
  readonly release: InstallerRef;
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
  /** What its release shows, found from its tree. */
  readonly release: Release;
  /** The directory of the SUT. */
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
  /** The variable by which the SUT learns the address of a host name; null where names are resolved as usual. */
  readonly hostsVariable: string | null;
  /** Images that the SUT makes of a sandbox; a pattern over the image reference. */
  readonly sandboxImages: string;
  readonly oldAgents: Readonly<Record<AgentName, OldAgent>>;
  readonly upgrade: UpgradeReleases;
  /** The sandbox images of the agents, each with its own entry point. */
  readonly sandboxImage: Readonly<Record<AgentName, SandboxImage>>;
  /** Policy files of the tree: what an OpenClaw sandbox may do by default, and once its owner permits all. */
  readonly openclawPolicies: readonly string[];
  /** Null where the SUT starts no such gateway. */
  readonly containerGateway: ContainerGateway | null;
  readonly bounds: Bounds;
  /** The address for the suite's endpoint, and public hosts to try from sandboxes, where its user names them. */
  readonly reach?: { readonly endpoint?: string; readonly hosts: readonly string[] };
  readonly spark: SparkLook;
}

/** What a scenario has for itself. */
export interface Isolation {
  readonly token: string;
  readonly gatewayPort: number;
  readonly dashboardPort: number;
  readonly hostsFile: string;
  /** Tags under which the scenario has the agents' base images for itself. */
  readonly baseImages: Readonly<Record<AgentName, string>>;
}

/** A system under test that is not there, or not as the profile needs it. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

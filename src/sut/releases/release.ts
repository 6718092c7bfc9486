import type { Capability } from '../../spec/capability';
import type { AgentName } from '../agents';
import type { AgentAtWork } from './agents-at-work';
import type { VersionScheme } from './versions';

/** By what a tree of this release is recognised. */
export interface Signs {
  /** Its number; where it is a state between two releases, the last release before it. */
  readonly version: string;
  /** Whether `version` is the release itself, so that a tree of that number is of this release. */
  readonly tagged: boolean;
  /** Commits that are known to be this release. */
  readonly commits: readonly string[];
  /** The OpenShell that it pins. */
  readonly openshell: string;
}

/** Which names a sandbox may have. */
export interface SandboxNames {
  /** In characters. */
  readonly longest: number;
  readonly form: RegExp;
  /** The rule, for messages. */
  readonly rule: string;
}

/** How the container of a sandbox is found. */
export interface SandboxContainers {
  /** Its label with the sandbox's name. */
  readonly label: string;
  /** The beginning of its name, with `{name}` for the sandbox's. */
  readonly prefix: string;
}

/** The old version of an agent from which an old sandbox is made. */
export interface OldAgent {
  readonly version: string;
  /** Arguments of the tree's Dockerfile.base. */
  readonly buildArguments: Readonly<Record<string, string>>;
  /** Why the tree's Dockerfile.base cannot make it, so that an image has to be named; absent where it can. */
  readonly needsImage?: string;
  /** The image to take in place of a build, by digest. */
  readonly image?: string;
}

/** How an agent shows its version. */
export interface AgentRelease {
  readonly scheme: VersionScheme;
  /** Takes the version of that scheme out of the version command's output, which may begin with warnings. */
  readonly version: RegExp;
  readonly old: OldAgent;
  readonly atWork: AgentAtWork;
}

/** How a sandbox's image is built from the tree, on a base that is built from it too. */
export interface SandboxImage {
  /** Path in the SUT's tree. */
  readonly dockerfile: string;
  /** The build argument that names the base. */
  readonly baseArgument: string;
  readonly buildArguments: Readonly<Record<string, string>>;
}

/** The OpenShell installer, and the releases that its scenarios turn on. */
export interface OpenshellInstaller {
  /** Path in the SUT's tree. */
  readonly script: string;
  /** The release that this NemoClaw pins, and the highest that it supports. */
  readonly pinned: string;
  /** A release above that. */
  readonly tooNew: string;
  /** Texts by which it recognises a program that supports what NemoClaw needs. */
  readonly markers: readonly string[];
  /** Names under which Dockerfiles declare compatibility with a virtual machine's root filesystem. */
  readonly rootfsCompatibility: RegExp;
}

/** One release of NemoClaw as its installer is asked for it, and the OpenShell that it brings. */
export interface InstallerRef {
  readonly ref: string;
  readonly openshell: string;
}

/** The public installer. */
export interface Installer {
  /** Public addresses: the installer to pipe into a shell, the git repository, and what OpenShell's assets begin with. */
  readonly installer: string;
  readonly repository: string;
  readonly assets: string;
  /** The ref that it installs where the operator names none. */
  readonly defaultRef: string;
  /** The oldest release from which it upgrades, whose gateway is a container. */
  readonly old: InstallerRef;
  readonly current: InstallerRef;
  /** Variables by which an operator consents to the upgrade of a gateway below 0.0.37, and to what replaces it. */
  readonly upgradeConsent: string;
  /** The variable that names, as a JSON list, the sandboxes without fingerprint that may be made anew; null where none is asked. */
  readonly recreateConsent: string | null;
}

/** What builds its images. */
export interface Builder {
  /** The lowest version of the engine. */
  readonly engine: string;
  /** What its Dockerfiles and its builds ask of BuildKit, for messages. */
  readonly reason: string;
}

/** Hermes' gateway inside its image. */
export interface HermesGateway {
  /** Its PID file, below Hermes' state directory. */
  readonly pidFile: string;
  /** Below the state directory, where nothing may lie; null where there is no such rule. */
  readonly nothingAt: string | null;
  /** Names of the programs whose `gateway run` is the gateway, its wrapper included. */
  readonly programs: readonly string[];
  /** What /health answers, and the keys that it has beside. */
  readonly health: Readonly<Record<string, string>>;
  readonly healthAlso: readonly string[];
}

/** A symbolic link within an agent's state: where it lies, below the state directory, and what it says. */
export interface StateLink {
  readonly path: string;
  readonly target: string;
}

/** Words of its output that checks look for. */
export interface Phrases {
  readonly setupSparkDeprecated: RegExp;
  /** The closing line of a rebuild that succeeded; the version that now runs stands in its group, or in a line of its own. */
  readonly rebuilt: RegExp;
  readonly rebuiltVersion: RegExp;
  /** A rebuild of a sandbox whose container is stopped. */
  readonly refusesStopped: RegExp;
  readonly refusesStoppedInWords: string;
  /** A rebuild that ended before anything was deleted. */
  readonly nothingLost: RegExp;
  readonly nothingLostInWords: string;
  /** By which it admits that it does not know which version runs, or could not ask. */
  readonly notKnown: RegExp;
  /** The line by which a rebuild announces that it deletes the old sandbox. */
  readonly deletes: RegExp;
  readonly upToDate: RegExp;
  readonly oneNeedsUpgrading: RegExp;
  /** The sum of `backup-all`: how many sandboxes it backed up, failed to, and skipped. */
  readonly backupSum: RegExp;
}

/** Capabilities that a release may lack. */
export const releaseCapabilities = [
  'credential-demanded',
  'cached-base-image',
  'policy-taken-back',
] as const satisfies Capability[];
export type ReleaseCapability = (typeof releaseCapabilities)[number];

/** What one release of the product shows, as data. */
export interface ReleaseFacts {
  readonly name: string;
  readonly date: string;
  readonly signs: Signs;
  /** Takes the version out of the output of `nemoclaw --version`. */
  readonly versionOutput: RegExp;
  readonly agents: Readonly<Record<AgentName, AgentRelease>>;
  readonly sandboxNames: SandboxNames;
  readonly containers: SandboxContainers;
  /** The user and directory that the Dockerfile of a sandbox must name to be run; null where OpenShell sets them. */
  readonly sandboxIdentity: { readonly user: string; readonly workdir: string } | null;
  /** The variable that names private endpoints to be trusted; null where every endpoint is. */
  readonly trustedHostsVariable: string | null;
  /** How `openshell` is asked, and whether `sandbox delete` returns before the sandbox is gone. */
  readonly openshell: { readonly output: 'text' | 'json'; readonly deletesInBackground: boolean };
  readonly openshellInstaller: OpenshellInstaller;
  readonly installer: Installer;
  readonly builder: Builder;
  readonly sandboxImage: Readonly<Record<AgentName, SandboxImage>>;
  /** Policy files of the tree: what an OpenClaw sandbox may do by default, and once its owner permits all. */
  readonly openclawPolicies: readonly string[];
  /** Where the registry keeps the messaging channels of a sandbox. */
  readonly messagingChannels: 'messagingChannels' | 'messaging.plan';
  /** What `backup-all` makes of a sandbox that is stopped: it skips it, or starts it for the time of its backup. */
  readonly stoppedAtBackup: 'skipped' | 'backed up';
  /** Fields of the registry that `upgrade-sandboxes --check` may write: what it saw inside. */
  readonly checkWrites: readonly string[];
  /** Whether commands that only ask note the version that they saw inside where the registry names none. */
  readonly notesMissingVersion: boolean;
  readonly hermes: HermesGateway;
  /** Links within an agent's state that a backup takes; any other makes it refuse. */
  readonly stateLinks: Readonly<Record<AgentName, readonly StateLink[]>>;
  readonly phrases: Phrases;
  /** Why a capability is lacking; absent where it is there. */
  readonly lacks: Readonly<Partial<Record<ReleaseCapability, string>>>;
}

/** The facts that hold for a tree, and how they were found. */
export interface Release extends ReleaseFacts {
  /** Whether the tree is of another release than these facts, or may be. */
  readonly nearest: boolean;
  /** How the release was found, and from what, in a sentence. */
  readonly found: string;
  /** The version that the tree names itself, or null. */
  readonly treeVersion: string | null;
}

import type { AuditResult } from '../audit/result';
import type { AuditInput } from '../audit/submission';
import type { Observation } from '../evidence/observation';
import type { Audited } from '../staging/auditor';
import type { Claim } from '../staging/claim';
import type { FakeEndpoint } from '../staging/endpoint';
import type { OldGateway, OldWorld } from '../staging/gateway-upgrade';
import type { Victim } from '../staging/hermes-root';
import type { Manifest } from '../staging/manifest';
import type { Archive, OpenshellReleases } from '../staging/openshell-releases';
import type { PatchedImages } from '../staging/overlayfs';
import type { Recovery, StagedPlugins } from '../staging/plugins';
import type { OverrideImage } from '../staging/runtime-override';
import type { SparkMachine } from '../staging/spark-installer';
import type { Installation, Refusal, SparkRun } from '../staging/spark-runs';
import type { TakenAway } from '../staging/taken-away';
import type { TreeRelease } from '../staging/tree-release';
import type { Upstream } from '../staging/upstream';
import type { Heartbeat } from '../sut/agent-runtime';
import type { AgentName } from '../sut/agents';
import type { CommandResult } from '../sut/command';
import type { DockerfileSeen } from '../sut/dockerfiles';
import type { HermesContainer } from '../sut/hermes-container';
import type { InstallerMachine } from '../sut/installer-machine';
import type { OverrideStart } from '../sut/override-start';
import type { PrivateEngine } from '../sut/private-engine';
import type { ContainerGateway } from '../sut/profile';

/** What a scenario's staging and actions found out, for its later steps. */
export interface Facts {
  agent: AgentName;
  manifest: Manifest;
  endpoint: FakeEndpoint;
  upstream: Upstream;
  /** Random secrets that this scenario staged; none of them may turn up anywhere. */
  canaries: string[];
  oldVersion: string;
  expectedVersion: string;
  oldImage: string;
  /** Name of the sandbox in the SUT. */
  sandbox: string;
  containerBefore: string;
  marker: { readonly path: string; readonly bytes: Buffer };
  presets: readonly string[];
  customPolicy: { readonly name: string; readonly content: string; readonly openings: readonly string[] };
  backupsBefore: readonly string[];
  /** SHA-256 over each of them, by name. */
  backupDigestsBefore: Readonly<Record<string, string>>;
  registryBefore: string;
  /** Name of the variable of the provider's credential that the session names, and the environment lacks. */
  missingCredential: string;
  platformConfigBefore: unknown;
  /** The action that the scenario is about. */
  outcome: Observation<CommandResult>;
  /** The commit that the old release's tag names. */
  oldCommit: string;
  /** What the operator sets for every run of an installer. */
  installerEnvironment: Readonly<Record<string, string>>;
  oldGateway: OldGateway;
  heartbeat: Heartbeat;
  /** The installer's run without consent to the upgrade, and what was there just before. */
  refusal: Observation<CommandResult>;
  beforeRefusal: OldWorld;
  /** The machine that the OpenShell installer runs on, and the releases that its release host offers. */
  machine: InstallerMachine;
  releases: OpenshellReleases;
  /** What the installer called, and what it asked the release host for. */
  calls: ReturnType<InstallerMachine['calls']>;
  requests: ReturnType<InstallerMachine['requests']>;
  /** Every run of the installer that was offered an archive other than its checksum says. */
  tamperedRuns: readonly TamperedRun[];
  /** Evidence that somebody offers, and what the auditor said of it. */
  claimed: Claim;
  audited: Audited;
  /** The evidence of an earlier run, what the auditor says of it, and of it with one piece taken away. */
  submitted: AuditInput;
  judged: AuditResult;
  takenAway: readonly TakenAway[];
  dockerfiles: readonly Observation<DockerfileSeen>[];
  overrideImage: OverrideImage;
  /** Starts of that image, in their order: without overrides, with overrides by the case's name, and without them once more. */
  firstStart: OverrideStart;
  acceptedStarts: ReadonlyMap<string, OverrideStart>;
  wrongStarts: ReadonlyMap<string, OverrideStart>;
  lastStart: OverrideStart;
  /** The container of a Hermes image that runs its own entry point. */
  hermes: HermesContainer;
  victim: Victim;
  /** What uname calls this host's system. */
  platform: Observation<string>;
  /** The SUT's tree as a release. */
  release: TreeRelease;
  /** The machine of the Spark install, and what came of installing on it: from the checkout, and through the public installer. */
  spark: SparkMachine;
  installed: Installation;
  installedByPipe: Installation;
  /** The former Spark set-up, asked for after the installation. */
  alias: SparkRun;
  /** Installers that were to refuse. */
  refusals: readonly Refusal[];
  /** Plugins in a sandbox, and the replacement of one that was killed. */
  plugins: StagedPlugins;
  recovery: Recovery;
  /** Why this SUT, or this host, cannot show what the scenario is about: its assertions are not-applicable then. */
  notApplicable: string;
  containerGateway: ContainerGateway;
  privateEngine: PrivateEngine;
  /** What a release whose gateway is a container reads when it onboards. */
  ownerEnvironment: Readonly<Record<string, string>>;
  /** The patched images before an onboarding was repeated, and when that began. */
  patchedBefore: PatchedImages;
}

/** One run of the installer while one archive was tampered with. */
export interface TamperedRun {
  readonly archive: Archive;
  readonly outcome: Observation<CommandResult>;
  readonly requests: ReturnType<InstallerMachine['requests']>;
  readonly before: Awaited<ReturnType<InstallerMachine['files']>>;
  readonly after: Awaited<ReturnType<InstallerMachine['files']>>;
}

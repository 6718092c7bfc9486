import type { Observation } from '../evidence/observation';
import type { FakeEndpoint } from '../staging/endpoint';
import type { Manifest } from '../staging/manifest';
import type { Upstream } from '../staging/upstream';
import type { AgentName } from '../sut/agents';
import type { CommandResult } from '../sut/command';

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
  registryBefore: string;
  platformConfigBefore: unknown;
  /** The action that the scenario is about. */
  outcome: Observation<CommandResult>;
}

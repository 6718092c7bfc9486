import type { AgentManifest } from '../agent-manifest';
import type { Blueprint } from '../blueprint';
import type { SandboxEntry } from '../registry';
import type { Session } from '../session';
import type { InferenceChoice, Messaging, PolicyChoice } from './settings';

/** What the phases of one onboarding share. */
export interface OnboardContext {
  readonly name: string;
  readonly manifest: AgentManifest;
  readonly blueprint: Blueprint;
  readonly session: Session;
  readonly resume: boolean;
  readonly recreate: boolean;
  readonly fromDockerfile: string | null;
  /** Given when a rebuild recreates: its entry is carried over, policies and agent start are the rebuild's own steps. */
  readonly rebuilding: SandboxEntry | null;
  /** Reads the provider from the environment; called only when the session does not know it. */
  readonly chooseInference: () => InferenceChoice;
  readonly policies: PolicyChoice;
  inference: InferenceChoice | undefined;
  messaging: Messaging;
  baseImage: string | undefined;
  openshellVersion: string | undefined;
  /** The sandbox was there, Ready, and nobody asked for another. */
  reused: boolean;
}

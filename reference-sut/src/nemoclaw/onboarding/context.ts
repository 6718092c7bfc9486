import type { AgentManifest } from '../agent-manifest';
import type { Backup } from '../backup/manifest';
import type { Blueprint } from '../blueprint';
import type { InferenceChoice } from '../inference';
import type { Messaging } from '../messaging';
import type { SandboxEntry } from '../registry';
import type { Session } from '../session';
import type { PolicyChoice } from './settings';

/** The values that the phases of one onboarding share. */
export interface OnboardContext {
  readonly name: string;
  readonly manifest: AgentManifest;
  readonly blueprint: Blueprint;
  readonly session: Session;
  readonly resume: boolean;
  readonly recreate: boolean;
  readonly fromDockerfile: string | null;
  /** Set when a rebuild recreates: its entry is carried over, and the rebuild itself applies policies and starts the agent. */
  readonly rebuilding: SandboxEntry | null;
  /** Reads the provider from the environment; called only when the session has none. */
  readonly chooseInference: () => InferenceChoice;
  readonly policies: PolicyChoice;
  inference: InferenceChoice | undefined;
  messaging: Messaging;
  baseImage: string | undefined;
  openshellVersion: string | undefined;
  /** Of the sandbox of that name that was made anew; its state comes back once all else is set up. */
  backup?: Backup;
  /** The sandbox existed, was Ready, and no new one was asked for. */
  reused: boolean;
}

import type { AgentManifest } from '../agent-manifest';
import type { Backup } from '../backup/manifest';
import type { BaseImage } from '../base-image';
import type { Blueprint } from '../blueprint';
import type { SandboxEntry } from '../registry';
import type { Session } from '../session';

/** The values that the steps of one rebuild share. */
export interface RebuildContext {
  readonly name: string;
  /** The registry's entry as it was when the rebuild began. */
  readonly entry: SandboxEntry;
  readonly agent: AgentManifest;
  readonly blueprint: Blueprint;
  readonly session: Session;
  /** The version that the agent reported inside the old sandbox; undefined where it could not be asked. */
  readonly current: string | undefined;
  readonly wasDefault: boolean;
  /** From here on a failure is not harmless: the old sandbox is gone, or about to go. */
  deleting: boolean;
  deleted: boolean;
  recreated: boolean;
  baseImage: BaseImage | undefined;
  backup: Backup | undefined;
  version: string | undefined;
}

/** The backup of a context whose steps run in order. */
export function backupOf(context: RebuildContext): Backup {
  if (context.backup === undefined) throw new Error('no backup was made');
  return context.backup;
}

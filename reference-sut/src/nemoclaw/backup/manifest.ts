import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { backupsDirectory } from '../places';
import { NetworkPoliciesSchema } from '../policy/document';

export const MANIFEST_FILE = 'rebuild-manifest.json';

const BackupManifestSchema = z.looseObject({
  version: z.literal(1),
  sandboxName: z.string(),
  timestamp: z.string(),
  agentType: z.string(),
  agentVersion: z.string().nullable(),
  expectedVersion: z.string(),
  stateDirs: z.array(z.string()),
  backedUpDirs: z.array(z.string()),
  stateFiles: z.array(z.object({ path: z.string(), strategy: z.string() })),
  backedUpFiles: z.array(z.string()),
  configFiles: z.array(z.string()),
  dir: z.string(),
  backupPath: z.string(),
  blueprintDigest: z.string(),
  policyPresets: z.array(z.string()),
  customPolicies: z.array(z.looseObject({ name: z.string(), content: z.string() })),
  liveOnlyPolicies: NetworkPoliciesSchema,
  /** Keys of default entries that the owner had closed on the gateway. */
  closedPolicies: z.array(z.string()).default([]),
  policyTier: z.string().nullable(),
  /** The registry's entry as it was, so that a failed recreate can be repaired. */
  registryEntry: z.record(z.string(), z.unknown()),
  /** Files from which a credential was taken, with how many; and files left out, with the reason. */
  withheld: z.array(z.object({ path: z.string(), values: z.number() })),
  leftOut: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Permissions in the sandbox, by path under the backup's directory; a path that is not here is private. */
  modes: z.record(z.string(), z.number()).default({}),
  /** SHA-256 of each regular file, by path under the backup's directory. */
  digests: z.record(z.string(), z.string()),
});

export type BackupManifest = z.infer<typeof BackupManifestSchema>;

export interface Backup {
  readonly directory: string;
  readonly manifest: BackupManifest;
}

/** Reads a backup's manifest; undefined where there is none, because the backup was never completed. */
export function readBackup(directory: string): Backup | undefined {
  try {
    const manifest = BackupManifestSchema.parse(JSON.parse(readFileSync(join(directory, MANIFEST_FILE), 'utf8')));
    return { directory, manifest };
  } catch {
    return undefined;
  }
}

/** The complete backups of a sandbox, oldest first. */
export function listBackups(sandbox: string): Backup[] {
  let names: string[];
  try {
    names = readdirSync(backupsDirectory(sandbox));
  } catch {
    return [];
  }
  const backups = names.sort().map((name) => readBackup(join(backupsDirectory(sandbox), name)));
  return backups.filter((backup) => backup !== undefined);
}

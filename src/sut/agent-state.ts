import { z } from 'zod';
import { agentManifest } from './agent-files';
import { type AgentName, agentFacts } from './agents';

/** A single file of an agent's state, and how it is backed up: as it is, or as a database by its own means. */
export interface StateFile {
  readonly path: string;
  readonly strategy: 'copy' | 'sqlite_backup';
}

/** Where an agent keeps its state, as the SUT's tree declares it; paths are relative to `root`. */
export interface AgentState {
  readonly root: string;
  /** Directories that a backup has to take with all that is in them. */
  readonly directories: readonly string[];
  /** Files that a backup has to take, but for configuration, which is merged. */
  readonly files: readonly StateFile[];
  /** Directories that the tree declares not to be backed up. */
  readonly notBackedUp: readonly string[];
}

/** A path alone, or with what else the release notes of it; a prefix stands for every directory whose name begins so. */
const directorySchema = z.union([
  z.string().transform((path) => ({ path, backup: true })),
  z
    .looseObject({ path: z.string().optional(), prefix: z.string().optional(), backup: z.boolean().default(true) })
    .transform(({ path, prefix, backup }) => ({ path: path ?? `${prefix}kept`, backup })),
]);
const fileSchema = z.union([
  z.string().transform((path) => ({ path, strategy: 'copy' as const, backup: true, merged: false })),
  z
    .looseObject({
      path: z.string(),
      strategy: z.enum(['copy', 'sqlite_backup']).default('copy'),
      backup: z.boolean().default(true),
      restore: z.looseObject({ merge: z.unknown() }).optional(),
    })
    .transform((file) => ({ ...file, merged: file.restore !== undefined })),
]);
const manifestSchema = z.looseObject({
  state_dirs: z.array(directorySchema).min(1),
  state_files: z.array(fileSchema).default([]),
});

/** @throws when the agent's manifest in the tree declares no state, or in a form that is not known. */
export function agentState(tree: string, agent: AgentName): AgentState {
  const { state_dirs, state_files } = manifestSchema.parse(agentManifest(tree, agent));
  const kept = state_dirs.filter(({ backup }) => backup).map(({ path }) => path);
  return {
    root: agentFacts[agent].stateDirectory,
    directories: kept,
    files: state_files
      .filter(({ backup, merged }) => backup && !merged)
      .map(({ path, strategy }) => ({ path, strategy })),
    notBackedUp: state_dirs.filter(({ backup }) => !backup).map(({ path }) => path),
  };
}

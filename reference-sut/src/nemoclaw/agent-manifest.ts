import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { CommandFailure } from './failure';
import { sourceRoot } from './places';
import { schemaReason } from './schema-reason';

const relative = z.string().regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$)).+$/, 'must be a path inside its root');

/** A directory of the agent's state, and whether a backup takes it. */
const stateDirectory = z.object({ path: relative, backup: z.boolean() });

const AgentManifestSchema = z.object({
  name: z.enum(['openclaw', 'hermes']),
  display_name: z.string(),
  expected_version: z.string().regex(/^\d+\.\d+\.\d+/),
  version_command: z.array(z.string()).min(1),
  version_pattern: z.string(),
  base_image: z.string(),
  base_dockerfile: relative,
  dockerfile: relative,
  build_files: z.array(relative),
  start_command: z.array(z.string()).min(1),
  /** Where the agent answers for its health, asked inside its sandbox. */
  health_url: z.url(),
  policy: relative,
  state_root: z.string().startsWith('/'),
  state_dirs: z.array(z.union([relative.transform((path) => ({ path, backup: true })), stateDirectory])).min(1),
  state_files: z.array(z.object({ path: relative, strategy: z.enum(['copy', 'sqlite_backup']) })),
  config_files: z.array(
    z.object({
      path: relative,
      strategy: z.enum(['merge_json', 'merge_yaml', 'merge_env']),
      generated: z.array(z.string()),
    }),
  ),
  dashboard_port: z.number().int(),
});

export type AgentManifest = z.infer<typeof AgentManifestSchema>;
export type AgentName = AgentManifest['name'];

/** The agent that a registry's or session's `agent` field means: null is OpenClaw. */
export function agentNamed(agent: string | null | undefined): AgentName {
  if (agent === null || agent === undefined || agent === '' || agent === 'openclaw') return 'openclaw';
  if (agent === 'hermes') return 'hermes';
  throw new CommandFailure(`Unknown agent '${agent}'. Known: openclaw, hermes.`);
}

/** Reads `agents/<agent>/manifest.yaml` of the source tree. @throws CommandFailure that names file and field. */
export function loadAgentManifest(agent: AgentName): AgentManifest {
  const file = join(sourceRoot(), 'agents', agent, 'manifest.yaml');
  try {
    return AgentManifestSchema.parse(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new CommandFailure(`The agent manifest ${file} can't be used: ${schemaReason(error)}`);
  }
}

/** The variable by which an owner names the base image of an agent. */
export function baseImageVariable({ name }: Pick<AgentManifest, 'name'>): string {
  return name === 'openclaw'
    ? 'NEMOCLAW_SANDBOX_BASE_IMAGE_REF'
    : `NEMOCLAW_${name.toUpperCase()}_SANDBOX_BASE_IMAGE_REF`;
}

/** The reference of an agent's base image: its owner's, else the manifest's. */
export function baseImageReference(manifest: AgentManifest): string {
  return process.env[baseImageVariable(manifest)] || manifest.base_image;
}

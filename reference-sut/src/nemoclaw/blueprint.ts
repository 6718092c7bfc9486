import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { sha256 } from '../shared/sha256';
import { CommandFailure } from './failure';
import { sourceRoot } from './places';
import { schemaReason } from './schema-reason';

const BlueprintSchema = z.looseObject({
  min_openclaw_version: z.string(),
  min_openshell_version: z.string(),
  max_openshell_version: z.string(),
  inference: z.object({
    nvidia: z.object({ endpoint: z.url(), default_model: z.string(), credential_env: z.string() }),
    compatible: z.object({ credential_env: z.string() }),
  }),
  policy_tiers: z.record(z.string(), z.array(z.string())),
});

export interface Blueprint extends z.infer<typeof BlueprintSchema> {
  /** SHA-256 of the file's bytes, hex. */
  readonly digest: string;
}

/** Reads `nemoclaw-blueprint/blueprint.yaml`. @throws CommandFailure that names the file and what is wrong in it. */
export function loadBlueprint(): Blueprint {
  const file = join(sourceRoot(), 'nemoclaw-blueprint', 'blueprint.yaml');
  try {
    const bytes = readFileSync(file);
    return { ...BlueprintSchema.parse(parse(bytes.toString())), digest: sha256(bytes) };
  } catch (error) {
    throw new CommandFailure(`The blueprint ${file} can't be used: ${schemaReason(error)}`);
  }
}

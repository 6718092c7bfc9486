import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inRepository } from '../repository';
import { parseYamlFile } from '../yaml-file';

const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'a credential is referred to by the name of its variable, never by its value');

/** Contracts and features describe what a test does. */
const OF_A_TEST = /^(?:assertions?|assertionGroups|suites?|suiteIds|testPlans?)$/;
/** A string under such a key is taken for a credential's value. */
const OF_A_CREDENTIAL = /(?:api[_-]?key|token|secret|password|credential)$/i;

interface Complaint {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What must not stand in a manifest, at any depth (contract, “Product manifests”): in the order of the file. */
function unfit(value: unknown, at: readonly (string | number)[] = []): Complaint[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => unfit(one, [...at, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => {
    const path = [...at, key];
    if (OF_A_TEST.test(key)) {
      return [{ path, message: `a manifest describes a product instance: "${key}" belongs to a test, not here` }];
    }
    if (typeof inside === 'string' && OF_A_CREDENTIAL.test(key)) {
      return [{ path, message: `a manifest contains no credential: name its variable in spec.state.credentialRefs` }];
    }
    return unfit(inside, path);
  });
}

/** A product manifest in NemoClaw's own form, as far as Phase 9 uses it (contract, “Product manifests”). */
const formSchema = z.strictObject({
  apiVersion: z.literal('nemoclaw.io/v1'),
  kind: z.literal('NemoClawInstance'),
  metadata: z.strictObject({ name: z.string() }),
  spec: z.strictObject({
    setup: z.looseObject({}),
    onboarding: z.strictObject({
      agent: z.enum(['openclaw', 'hermes']),
      provider: z.enum(['nvidia', 'openai-compatible']),
      modelRoute: z.literal('inference-local'),
      policyTier: z.string().optional(),
      messaging: z.array(z.enum(['discord'])).default([]),
      features: z.strictObject({ model: z.string(), policyPresets: z.array(z.string()).default([]) }),
      lifecycle: z.array(z.string()).default([]),
    }),
    state: z.strictObject({ workspaceRef: z.string().optional(), credentialRefs: z.array(variableName).default([]) }),
  }),
});
const manifestSchema = z
  .unknown()
  .superRefine((value, context) => {
    for (const { path, message } of unfit(value)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .pipe(formSchema);
export type Manifest = z.infer<typeof formSchema>;

export const manifestsDirectory = inRepository('manifests');

/** The names of all manifests that there are; some scenarios need none, not even the directory. */
export function manifestNames(): string[] {
  if (!existsSync(manifestsDirectory)) return [];
  return readdirSync(manifestsDirectory)
    .filter((one) => one.endsWith('.yaml'))
    .map((one) => path.basename(one, '.yaml'))
    .sort();
}

/**
 * Reads `manifests/<name>.yaml`.
 * @throws YamlFileError with file:line:column when it is malformed; Error when there is none of that name.
 */
export function loadManifest(name: string): Manifest {
  const file = path.join(manifestsDirectory, `${name}.yaml`);
  if (!existsSync(file)) {
    throw new Error(`no manifest ${name}; there are: ${manifestNames().join(', ') || 'none at all'}`);
  }
  const manifest = parseYamlFile(file, readFileSync(file, 'utf8'), manifestSchema);
  if (manifest.metadata.name !== name)
    throw new Error(`${file}: metadata.name is ${manifest.metadata.name}, not the file's name`);
  return manifest;
}

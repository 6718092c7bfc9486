import { lock } from 'proper-lockfile';
import * as z from 'zod';
import { prettyJson } from '../shared/json';
import { privateDirectory, readIfPresent, writePrivateFile } from '../shared/private-file';
import { CommandFailure } from './failure';
import { registryFile, stateDirectory } from './places';
import { schemaReason } from './schema-reason';

const CustomPolicySchema = z.looseObject({
  name: z.string(),
  content: z.string(),
  sourcePath: z.string().nullish(),
  appliedAt: z.string().nullish(),
});

/** One sandbox in `~/.nemoclaw/sandboxes.json`. Fields that are not named here are kept as they are. */
const SandboxEntrySchema = z.looseObject({
  name: z.string(),
  createdAt: z.string().nullish(),
  model: z.string().nullish(),
  provider: z.string().nullish(),
  endpointUrl: z.string().nullish(),
  credentialEnv: z.string().nullish(),
  policies: z.array(z.string()).nullish(),
  customPolicies: z.array(CustomPolicySchema).nullish(),
  policyTier: z.string().nullish(),
  agent: z.string().nullish(),
  agentVersion: z.string().nullish(),
  imageTag: z.string().nullish(),
  messagingChannels: z.array(z.string()).nullish(),
  messagingChannelConfig: z.record(z.string(), z.string()).nullish(),
  disabledChannels: z.array(z.string()).nullish(),
  providerCredentialHashes: z.record(z.string(), z.string()).nullish(),
  dashboardPort: z.number().nullish(),
  openshellDriver: z.string().nullish(),
  openshellVersion: z.string().nullish(),
});

const RegistrySchema = z.looseObject({
  sandboxes: z.record(z.string(), SandboxEntrySchema),
  defaultSandbox: z.string().nullable().default(null),
});

export type CustomPolicy = z.infer<typeof CustomPolicySchema>;
export type SandboxEntry = z.infer<typeof SandboxEntrySchema>;
export type Registry = z.infer<typeof RegistrySchema>;

/** The registry as it stands; empty where there is none. @throws CommandFailure for a file that can't be understood. */
export function readRegistry(): Registry {
  const text = readIfPresent(registryFile());
  if (text === undefined || text.trim() === '') return { sandboxes: {}, defaultSandbox: null };
  try {
    return RegistrySchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailure([
      `The sandbox registry ${registryFile()} can't be read: ${schemaReason(error)}`,
      'Put it right, or move it away to start with an empty one.',
    ]);
  }
}

/** Reads, changes and writes the registry under a lock, so that two commands at the same time keep each other's changes. */
export async function changeRegistry(change: (registry: Registry) => void): Promise<void> {
  privateDirectory(stateDirectory());
  const release = await lock(registryFile(), {
    realpath: false, // the file need not be there yet
    stale: 10_000,
    retries: { retries: 60, minTimeout: 20, maxTimeout: 250 },
  });
  try {
    const registry = readRegistry();
    change(registry);
    await writePrivateFile(registryFile(), prettyJson(registry));
  } finally {
    await release();
  }
}

/** Merges fields into a sandbox's entry, making it where it is missing; the first sandbox becomes the default. */
export async function saveEntry(name: string, fields: Partial<SandboxEntry>): Promise<void> {
  await changeRegistry((registry) => {
    registry.sandboxes[name] = { ...registry.sandboxes[name], ...fields, name };
    registry.defaultSandbox ??= name;
  });
}

/** Removes a sandbox's entry; another one becomes the default where it was the default. */
export async function removeEntry(name: string): Promise<void> {
  await changeRegistry((registry) => {
    delete registry.sandboxes[name];
    if (registry.defaultSandbox === name) registry.defaultSandbox = Object.keys(registry.sandboxes)[0] ?? null;
  });
}

/** @throws CommandFailure that lists the names there are. */
export function entryOf(name: string): SandboxEntry {
  const { sandboxes } = readRegistry();
  const entry = Object.hasOwn(sandboxes, name) ? sandboxes[name] : undefined;
  if (entry !== undefined) return entry;
  const known = Object.keys(sandboxes);
  throw new CommandFailure(
    known.length === 0
      ? `No sandbox '${name}': none is registered. Make one with \`nemoclaw onboard\`.`
      : `No sandbox '${name}'. Registered: ${known.join(', ')}.`,
  );
}

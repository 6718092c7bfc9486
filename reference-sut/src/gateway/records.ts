import { z } from 'zod';
import { revisionSchema } from './policy/revision';

/** A sandbox in the gateway's database. The phase that a client sees follows from this and the container. */
export const sandboxRecord = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  image: z.string(),
  /** The image was built for this sandbox and is removed with it. */
  ownsImage: z.boolean(),
  container: z.string(),
  phase: z.enum(['Provisioning', 'Ready', 'Error', 'Deleting']),
  providers: z.array(z.string()),
  resourceVersion: z.number().int().positive(),
  revision: revisionSchema,
});

/** A provider: type, settings, and credentials by variable name. Only the gateway ever sees the values. */
export const providerRecord = z.object({
  id: z.uuid(),
  name: z.string(),
  type: z.string(),
  credentials: z.record(z.string(), z.string()),
  config: z.record(z.string(), z.string()),
  /** Goes up with each update; part of the placeholder that a sandbox sees. */
  revision: z.number().int().positive(),
  createdAt: z.iso.datetime(),
});

export const databaseRecord = z.object({
  version: z.literal(1),
  gatewayId: z.uuid(),
  port: z.number().int(),
  network: z.string(),
  sandboxes: z.record(z.string(), sandboxRecord),
  providers: z.record(z.string(), providerRecord),
  inference: z.object({ provider: z.string(), model: z.string() }).nullable(),
});

export type SandboxRecord = z.infer<typeof sandboxRecord>;
export type ProviderRecord = z.infer<typeof providerRecord>;
export type DatabaseRecord = z.infer<typeof databaseRecord>;

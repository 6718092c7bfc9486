import { z } from 'zod';
import type { ReleaseFacts } from './releases/release';

const customPolicySchema = z.looseObject({ name: z.string(), content: z.string() });

/** A sandbox's entry in ~/.nemoclaw/sandboxes.json, as far as Phase 9 reads it; the other fields are kept. */
export const registryEntrySchema = z.looseObject({
  name: z.string(),
  agent: z.string().nullish(),
  agentVersion: z.string().nullish(),
  model: z.string().nullish(),
  policies: z.array(z.string()).nullish(),
  customPolicies: z.array(customPolicySchema).nullish(),
  messagingChannels: z.array(z.string()).nullish(),
  messaging: z
    .looseObject({
      plan: z.looseObject({ channels: z.array(z.looseObject({ channelId: z.string() })).nullish() }).nullish(),
    })
    .nullish(),
  /** A row that onboarding writes before there is a sandbox; it stays when the sandbox's image cannot be built. */
  pendingRouteReservation: z.boolean().nullish(),
});
export type RegistryEntry = z.infer<typeof registryEntrySchema>;

/** The messaging channels of a sandbox, where this release keeps them. */
export function messagingChannelsOf(entry: RegistryEntry, { messagingChannels }: ChannelsPlace): readonly string[] {
  if (messagingChannels === 'messagingChannels') return entry.messagingChannels ?? [];
  return (entry.messaging?.plan?.channels ?? []).map(({ channelId }) => channelId);
}
type ChannelsPlace = Pick<ReleaseFacts, 'messagingChannels'>;

export const registrySchema = z.looseObject({
  sandboxes: z.record(z.string(), registryEntrySchema),
  defaultSandbox: z.string().nullish(),
});

export type Registry = z.infer<typeof registrySchema>;

export const sessionSchema = z.looseObject({
  sandboxName: z.string().nullish(),
  agent: z.string().nullish(),
  provider: z.string().nullish(),
  status: z.string(),
  credentialEnv: z.string().nullish(),
  policyPresets: z.array(z.string()).nullish(),
  steps: z.record(z.string(), z.looseObject({ status: z.string() })),
});

export const backupManifestSchema = z.looseObject({
  sandboxName: z.string(),
  policyPresets: z.array(z.string()).nullish(),
  customPolicies: z.array(customPolicySchema).nullish(),
  backedUpDirs: z.array(z.string()).nullish(),
  /** Directories that a backup says it failed to save. */
  failedBackupDirs: z.array(z.string()).nullish(),
});

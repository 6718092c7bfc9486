import { z } from 'zod';
import type { FilesystemPart } from '../../sandbox/confinement';

/** Names become parts of container names, host names and file names. */
export const sandboxName = z
  .string()
  .max(63, 'is longer than 63 characters')
  .regex(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, beginning and ending with a letter or digit',
  );

export const providerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be letters, digits, dots, dashes and underscores');

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');

/** A policy file as it is, with its name for error messages. */
const policyText = z.object({ file: z.string(), text: z.string() });

export const createSandboxRequest = z.object({
  name: sandboxName,
  image: z.string().min(1),
  /** The image was built for this sandbox and is removed with it. */
  ownsImage: z.boolean().default(false),
  providers: z.array(providerName).default([]),
  /** Without one the gateway's default applies. */
  policy: policyText.optional(),
  command: z.array(z.string()).default([]),
});

export const setPolicyRequest = z.object({ policy: policyText });

export const createProviderRequest = z.object({
  name: providerName,
  type: z.string().min(1),
  credentials: z.record(variable, z.string().min(1)),
  config: z.record(z.string(), z.string()).default({}),
});

export const updateProviderRequest = createProviderRequest.omit({ name: true }).partial();

export const inferenceRequest = z.object({ provider: providerName, model: z.string().min(1) });

export type PolicyText = z.infer<typeof policyText>;
export type CreateSandboxRequest = z.infer<typeof createSandboxRequest>;
export type CreateProviderRequest = z.infer<typeof createProviderRequest>;
export type UpdateProviderRequest = z.infer<typeof updateProviderRequest>;

export type Phase = 'Provisioning' | 'Ready' | 'Error' | 'Deleting';

/** The gateway, for a client. */
export interface StatusView {
  readonly version: string;
  readonly pid: number;
  readonly gatewayId: string;
  readonly driver: string;
  readonly network: string;
  readonly proxy: string;
  readonly stateDir: string;
}

/** A sandbox, for a client. */
export interface SandboxView {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly phase: Phase;
  readonly image: string;
  readonly container: string;
  readonly providers: readonly string[];
  readonly resourceVersion: number;
  readonly policySource: string;
  readonly user: string;
  /** The files that its commands may reach; fixed when it was created. */
  readonly files: FilesystemPart;
  readonly policy: PolicyView;
}

/** A policy revision, for a client. `yaml` is the document as `policy get --full` prints it. */
export interface PolicyView {
  readonly version: number;
  readonly hash: string;
  readonly createdMs: number;
  readonly loadedMs: number;
  readonly yaml: string;
}

export interface PolicySetView extends PolicyView {
  readonly changed: boolean;
}

/** A provider, for a client: the names of its credentials, never a value. */
export interface ProviderView {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly credentials: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly revision: number;
}

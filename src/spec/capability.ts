import { z } from 'zod';

/**
 * What a system under test, its host or the scenario must have for a check to make sense. The ledger names them (`applies`); one
 * gate asks for them, and makes the verdict not-applicable where one is lacking.
 */
export const capabilitySchema = z.enum([
  /** The gateway runs in a container, and the fix for its storage lies on that way. */
  'container-gateway',
  /** The host can run a second engine in a container. */
  'second-engine',
  /** The host runs Linux. */
  'linux',
  /** The sandbox runs Hermes. */
  'hermes',
  /** A rebuild demands the provider's credential in the owner's environment. */
  'credential-demanded',
  /** The release takes an agent's base image from the engine's cache by its tag, so that a stale one can lie there. */
  'cached-base-image',
  /** OpenShell takes a policy back just as it shows it. */
  'policy-taken-back',
]);
export type Capability = z.infer<typeof capabilitySchema>;

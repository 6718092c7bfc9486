import { z } from 'zod';
import { sha256 } from '../../shared/sha256';
import { type Policy, policySchema } from './schema';

/** A policy as a sandbox has it: which version it is, its hash, and when it came (ms since the epoch). */
export const revisionSchema = z.object({
  version: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  source: z.enum(['default', 'sandbox']),
  createdMs: z.number(),
  loadedMs: z.number(),
  policy: policySchema,
});

export type PolicyRevision = z.infer<typeof revisionSchema>;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, canonical(member)]),
  );
}

/** SHA-256 over the policy with its keys in order; the number under `version` does not count. */
export function policyHash(policy: Policy): string {
  const { version: _, ...content } = policy;
  return sha256(JSON.stringify(canonical(content)));
}

/** The first revision of a sandbox's policy. */
export function firstRevision(policy: Policy, source: PolicyRevision['source'], now: number): PolicyRevision {
  return { version: 1, hash: policyHash(policy), source, createdMs: now, loadedMs: now, policy };
}

/**
 * The revision that follows when `submitted` is set: undefined when nothing would change. Sections that it leaves out
 * stay as they are, so that a file of network rules alone can be set.
 * @throws when it would change a running sandbox's user or files: its programs run under the old ones already.
 */
export function nextRevision(current: PolicyRevision, submitted: Policy, now: number): PolicyRevision | undefined {
  const { filesystem_policy, landlock, process } = current.policy;
  const { version, ...given } = submitted;
  const policy: Policy = {
    version,
    ...(filesystem_policy && { filesystem_policy }),
    ...(landlock && { landlock }),
    ...(process && { process }),
    ...given,
  };
  const user = policy.process?.run_as_user;
  if (user !== process?.run_as_user || policy.process?.run_as_group !== process?.run_as_group) {
    throw new Error(
      `process.run_as_user and run_as_group cannot change while the sandbox lives (it runs as ${process?.run_as_user})`,
    );
  }
  const files = (of: Policy) => JSON.stringify(canonical([of.filesystem_policy ?? null, of.landlock ?? null]));
  if (files(policy) !== files(current.policy)) {
    throw new Error('filesystem_policy and landlock cannot change while the sandbox lives; create it anew');
  }
  const hash = policyHash(policy);
  if (hash === current.hash) return undefined;
  return { version: current.version + 1, hash, source: 'sandbox', createdMs: now, loadedMs: now, policy };
}

import { z } from 'zod';

const endpointSchema = z.looseObject({ host: z.string(), port: z.number() });
/** One named entry of `network_policies` (contract, “A policy file”). */
export const networkPolicySchema = z.looseObject({
  name: z.string().optional(),
  endpoints: z.array(endpointSchema).default([]),
  binaries: z.array(z.looseObject({ path: z.string() })).default([]),
});
export type NetworkPolicies = Record<string, z.infer<typeof networkPolicySchema>>;

/** One thing that a policy opens: this binary may speak to that host and port. */
export type Opening = `${string} → ${string}:${number}`;

/** Everything that `policies` open, sorted. An entry without binaries opens its endpoints to any: `*`. */
export function openings(policies: NetworkPolicies): Opening[] {
  const found = new Set<Opening>();
  for (const { endpoints, binaries } of Object.values(policies)) {
    const paths = binaries.length > 0 ? binaries.map(({ path }) => path) : ['*'];
    for (const { host, port } of endpoints) for (const path of paths) found.add(`${path} → ${host}:${port}`);
  }
  return [...found].sort();
}

/** What `wanted` opens and `granted` does not. */
export function missingFrom(granted: NetworkPolicies, wanted: readonly Opening[]): Opening[] {
  const open = new Set(openings(granted));
  return wanted.filter((one) => !open.has(one));
}

import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

const EndpointSchema = z.looseObject({ host: z.string().min(1), port: z.number().int().optional() });
const BinarySchema = z.looseObject({ path: z.string().min(1) });

const NetworkEntrySchema = z.looseObject({
  name: z.string().optional(),
  endpoints: z.array(EndpointSchema).default([]),
  binaries: z.array(BinarySchema).default([]),
});

export const NetworkPoliciesSchema = z.record(z.string().min(1), NetworkEntrySchema);

export const PolicyDocumentSchema = z.looseObject({ network_policies: NetworkPoliciesSchema.nullish() });

export type NetworkPolicies = z.infer<typeof NetworkPoliciesSchema>;
export type PolicyDocument = z.infer<typeof PolicyDocumentSchema>;

function union<Item>(first: readonly Item[], second: readonly Item[]): Item[] {
  return [...first, ...second.filter((item) => !first.some((other) => isDeepStrictEqual(item, other)))];
}

function covers<Item>(all: readonly Item[], part: readonly Item[]): boolean {
  return part.every((item) => all.some((other) => isDeepStrictEqual(item, other)));
}

/** The entries with those of `added`. Where both have a key, endpoints and binaries are joined: adding removes nothing. */
export function withEntries(policies: NetworkPolicies, added: NetworkPolicies): NetworkPolicies {
  const result: NetworkPolicies = { ...policies };
  for (const [key, entry] of Object.entries(added)) {
    const present = result[key];
    result[key] =
      present === undefined
        ? entry
        : {
            ...entry,
            ...present,
            endpoints: union(present.endpoints, entry.endpoints),
            binaries: union(present.binaries, entry.binaries),
          };
  }
  return result;
}

/** The entries without those of `removed`, but with everything that `kept` (defaults, other presets) has under those keys. */
export function withoutEntries(
  policies: NetworkPolicies,
  removed: NetworkPolicies,
  kept: readonly NetworkPolicies[],
): NetworkPolicies {
  const keys = Object.keys(removed);
  const rest = Object.fromEntries(Object.entries(policies).filter(([key]) => !keys.includes(key)));
  return kept.reduce((result, source) => {
    const shared = Object.fromEntries(Object.entries(source).filter(([key]) => keys.includes(key)));
    return withEntries(result, shared);
  }, rest);
}

/** Whether every endpoint and binary of `part` stands under its key in `policies`. */
export function holdsEntries(policies: NetworkPolicies, part: NetworkPolicies): boolean {
  return Object.entries(part).every(([key, entry]) => {
    const present = policies[key];
    return (
      present !== undefined && covers(present.endpoints, entry.endpoints) && covers(present.binaries, entry.binaries)
    );
  });
}

/** The entries whose key none of `known` has. */
export function entriesBeyond(policies: NetworkPolicies, known: readonly NetworkPolicies[]): NetworkPolicies {
  return Object.fromEntries(
    Object.entries(policies).filter(([key]) => !known.some((source) => Object.hasOwn(source, key))),
  );
}

/** The keys of `known` that the entries lack. */
export function keysMissing(policies: NetworkPolicies, known: NetworkPolicies): string[] {
  return Object.keys(known).filter((key) => !Object.hasOwn(policies, key));
}

/** The entries without those keys. */
export function withoutKeys(policies: NetworkPolicies, keys: readonly string[]): NetworkPolicies {
  return Object.fromEntries(Object.entries(policies).filter(([key]) => !keys.includes(key)));
}

/** `host:port` of each endpoint, in order, without repeats. */
export function endpointNames(policies: NetworkPolicies): string[] {
  const names = Object.values(policies).flatMap((entry) =>
    entry.endpoints.map(({ host, port }) => (port === undefined ? host : `${host}:${port}`)),
  );
  return [...new Set(names)];
}

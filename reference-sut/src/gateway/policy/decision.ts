import type { Endpoint, Policy } from './schema';

/** The egress proxy's decision on a request, with its reason. */
export type Decision =
  | { readonly allowed: true; readonly entry: string }
  | { readonly allowed: false; readonly reason: string };

/** A host name as policies compare it: lower case, without the root's dot. */
export function normalHost(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

function hostMatches(pattern: string, host: string): boolean {
  const wanted = normalHost(pattern);
  if (!wanted.startsWith('*.')) return wanted === host;
  const suffix = wanted.slice(1);
  return host.endsWith(suffix) && host.length > suffix.length;
}

function portMatches(endpoint: Endpoint, port: number): boolean {
  return endpoint.port === port || (endpoint.ports?.includes(port) ?? false);
}

/**
 * Decides by host and port which request leaves a sandbox. Nothing is allowed unless an endpoint of `network_policies`
 * names it; `*.example.test` stands for every name below example.test, not for example.test itself.
 */
export function decide(policy: Policy, host: string, port: number): Decision {
  const asked = normalHost(host);
  for (const [entry, { endpoints }] of Object.entries(policy.network_policies)) {
    if (endpoints.some((endpoint) => hostMatches(endpoint.host, asked) && portMatches(endpoint, port))) {
      return { allowed: true, entry };
    }
  }
  return { allowed: false, reason: `${asked}:${port} is not permitted by the sandbox's policy` };
}

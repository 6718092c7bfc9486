import { readFileSync } from 'node:fs';
import { normalHost } from '../policy/decision';

/** An address to dial. */
export interface Dial {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads the lines of a hosts file with ports: `<address>:<port> <name> [<name>]…`; `#` begins a comment, an IPv6 address
 * is in brackets. Any other line is skipped, as in hosts(5).
 */
export function parseHostsFile(text: string): ReadonlyMap<string, Dial> {
  const dials = new Map<string, Dial>();
  for (const line of text.split(/\r?\n/)) {
    const [target, ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(target ?? '');
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (!host || port < 1 || port > 65535) continue;
    for (const name of names) if (!dials.has(normalHost(name))) dials.set(normalHost(name), { host, port });
  }
  return dials;
}

/**
 * The address for a request to `host:port`: the hosts file's, else the name itself by DNS. The file is read each time, so
 * that a line added while the gateway runs counts.
 */
export function dialFor(host: string, port: number, hostsFile: string | undefined): Dial {
  if (hostsFile === undefined) return { host, port };
  let text: string;
  try {
    text = readFileSync(hostsFile, 'utf8');
  } catch {
    return { host, port };
  }
  return parseHostsFile(text).get(normalHost(host)) ?? { host, port };
}

import { normalHost } from '../policy/decision';

/** The target of a request to the proxy. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** As the client wrote it, for the Host header. */
  readonly authority: string;
  /** The path to ask for; empty for CONNECT. */
  readonly path: string;
  /** Requested by CONNECT: the content is opaque, TLS as a rule. */
  readonly encrypted: boolean;
}

function validPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** Reads the target of a proxy request: `CONNECT host:port`, or any other method with an absolute http:// URL. */
export function parseTarget(method: string, url: string): Target | undefined {
  if (method === 'CONNECT') {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:/?#@\s[\]]+)):(\d{1,5})$/.exec(url);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (!host || !validPort(port)) return undefined;
    return { host: normalHost(host), port, authority: url, path: '', encrypted: true };
  }
  if (!/^http:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const host = normalHost(parsed.hostname.replace(/^\[|\]$/g, ''));
  const port = parsed.port === '' ? 80 : Number(parsed.port);
  if (!host || !validPort(port)) return undefined;
  return { host, port, authority: parsed.host, path: `${parsed.pathname}${parsed.search}`, encrypted: false };
}

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

const betweenNeighbours = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The end-to-end headers, without the hop-by-hop ones (RFC 9110, 7.6.1). */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const kept = Object.entries(headers).filter(([name]) => !betweenNeighbours.has(name) && !named.has(name));
  return Object.fromEntries(kept);
}

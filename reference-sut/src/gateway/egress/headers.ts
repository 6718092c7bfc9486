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

/** The headers that are meant for the far end; those between neighbours (RFC 9110, 7.6.1) are left out. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = new Set((headers.connection ?? '').toLowerCase().split(/\s*,\s*/));
  const kept = Object.entries(headers).filter(([name]) => !betweenNeighbours.has(name) && !named.has(name));
  return Object.fromEntries(kept);
}

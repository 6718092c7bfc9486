import { connect } from 'node:net';
import { seconds } from '../../sut/until';
import { canListen } from './gateway';
import type { Installation, Look } from './look';

/** What the user says of addresses: where the suite's endpoint listens, and public hosts that sandboxes may try. */
export async function lookAtReach({ profile }: Installation): Promise<Look[]> {
  const { endpoint, hosts = [] } = profile.reach ?? {};
  const looks = await Promise.all(hosts.map(lookAtPublicHost));
  return endpoint === undefined ? looks : [await lookAtEndpoint(endpoint), ...looks];
}

async function lookAtEndpoint(address: string): Promise<Look> {
  const name = 'endpoint';
  if (await canListen(0, address)) return { name, state: 'ok', found: `${address} is an address of this host` };
  const advice = 'Name one that containers reach in live.endpoint of phase9.yaml, or leave it out';
  return { name, state: 'fail', found: `nothing can listen on ${address}`, advice };
}

async function lookAtPublicHost(host: string): Promise<Look> {
  const name = `host ${host}`;
  const reason = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port: 443, timeout: seconds(3) });
    const end = (result: string | undefined) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('no answer within 3 s'));
    socket.once('error', ({ message }) => end(message));
  });
  if (reason === undefined) return { name, state: 'ok', found: 'port 443 answers this host' };
  return { name, state: 'warn', found: reason, advice: 'Take it out of live.hosts, or let this host reach it' };
}

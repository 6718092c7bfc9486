import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StatusView } from '../../gateway/api/messages';
import { stateDirectory } from '../../gateway/state-directory';
import { until } from '../../shared/until';
import { gatewayKind } from '../../shared/version';
import { clearCluster, removeCluster, startCluster } from '../cluster';
import {
  activeGatewayName,
  checkGatewayName,
  chosenGateway,
  forgetGateway,
  type GatewayMetadata,
  gatewayNamed,
  knownGateways,
  saveGateway,
  selectGateway,
} from '../configuration';
import { Failure } from '../failure';
import { GatewayClient, Unreachable } from '../gateway-client';
import { print, section, style, table } from '../output';

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/i;

/** `openshell gateway add URL --name N`: remembers a gateway and makes it the active one. */
export function addGateway(url: string, name: string): void {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Failure(`'${url}' is no http:// or https:// URL of a gateway`);
  }
  const parsed = new URL(url);
  saveGateway({
    name: checkGatewayName(name),
    gateway_endpoint: parsed.origin,
    is_remote: !loopback.test(parsed.hostname),
    gateway_port: Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80),
    auth_mode: 'plaintext',
  });
  selectGateway(name);
  print(`${style.good('✓')} Gateway '${name}' added and set as active gateway`);
}

/** `openshell gateway start --name N --port P`: a gateway in a container of its own, as releases up to 0.0.36 have it. */
export async function startGateway(name: string, port: string): Promise<void> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new Failure(`'${port}' is no port number`);
  await startCluster(checkGatewayName(name), number);
  addGateway(`http://127.0.0.1:${number}`, name);
}

/** `openshell gateway select NAME`. */
export function chooseGateway(name: string): void {
  selectGateway(name);
  print(`${style.good('✓')} Active gateway set to '${name}'`);
}

/** `openshell gateway info [-g NAME]`: its metadata, and its status when it answers. */
export async function showGateway(named: string | undefined): Promise<void> {
  const gateway = chosenGateway(named);
  if (!gateway) return print(section('Gateway Info', [['Status', style.warning('No gateway configured.')]]));
  const fields: [string, string][] = [
    ['Gateway', gateway.name],
    ['Gateway endpoint', gateway.gateway_endpoint],
  ];
  try {
    const { version, driver, network, proxy, stateDir } = await new GatewayClient(gateway).ask<StatusView>(
      'GET',
      '/v1/status',
    );
    fields.push(
      ['Version', version],
      ['Driver', driver],
      ['Network', network],
      ['Egress proxy', proxy],
      ['State', stateDir],
    );
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    fields.push(['Status', style.bad('not reachable')]);
  }
  return print(section('Gateway Info', fields));
}

/** `openshell gateway list`: the active one is starred. */
export function listGateways(): void {
  const gateways = knownGateways();
  if (gateways.length === 0) {
    print('No gateways found.');
    return;
  }
  const active = activeGatewayName();
  const rows = gateways.map((each) => [
    each.name === active ? '*' : ' ',
    each.name,
    each.gateway_endpoint,
    each.auth_mode,
  ]);
  print(table(['', 'NAME', 'ENDPOINT', 'AUTH'], rows, (cell, column) => (column === 0 ? style.good(cell) : cell)));
}

/** `openshell gateway remove NAME`: forgets it; the gateway itself goes on. */
export function removeGateway(name: string): void {
  forgetGateway(name);
  print(`${style.good('✓')} Gateway '${name}' removed`);
}

/** Destroys a gateway that no longer runs, by its own program, if its state is this user's. */
function destroyDead(gateway: GatewayMetadata): boolean {
  const { database } = stateDirectory();
  if (gateway.is_remote || !existsSync(database)) return false;
  const program = join(dirname(realpathSync(process.argv[1] ?? '')), 'openshell-gateway');
  const ended = spawnSync(process.execPath, [program, '--destroy', '--port', String(gateway.gateway_port)], {
    encoding: 'utf8',
  });
  if (ended.status === 0) return true;
  throw new Failure(
    `what gateway '${gateway.name}' left could not be removed`,
    ended.error?.message ?? ended.stderr.trim(),
  );
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** `openshell gateway destroy -g NAME`: its sandboxes, their images, its network, its state, and itself. */
export async function destroyGateway(named: string | undefined): Promise<void> {
  const name = named ?? activeGatewayName();
  if (!name) throw new Failure('No gateway configured', 'name one with -g <name>');
  const gateway = gatewayNamed(name);
  try {
    const { pid } = await new GatewayClient(gateway).ask<{ pid: number }>('POST', '/v1/destroy', {});
    const gone = async () => (alive(pid) ? undefined : true);
    if (!gateway.is_remote && gatewayKind === 'host')
      await until(`the gateway (pid ${pid}) to end`, gone, { withinMs: 5_000, everyMs: 25 });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    const cleared = gatewayKind === 'container' ? await clearCluster(gateway) : destroyDead(gateway);
    if (!cleared)
      process.stderr.write(`Gateway '${name}' does not answer and has left nothing here; it is only forgotten.\n`);
  }
  if (gatewayKind === 'container') await removeCluster(name);
  forgetGateway(name);
  print(`${style.good('✓')} Gateway '${name}' destroyed`);
}

import type { StatusView } from '../../gateway/api/messages';
import { chosenGateway } from '../configuration';
import { causesOf } from '../failure';
import { GatewayClient } from '../gateway-client';
import { errorLines, print, section, style } from '../output';

/** `openshell status`: the gateway as the server itself reports it. Status 1 when it does not answer. */
export async function showStatus(named: string | undefined): Promise<void> {
  const gateway = chosenGateway(named);
  if (!gateway) return print(section('Gateway Status', [['Status', style.warning('No gateway configured.')]]));
  const known: [string, string][] = [
    ['Gateway', gateway.name],
    ['Server', gateway.gateway_endpoint],
  ];
  try {
    const status = await new GatewayClient(gateway).ask<StatusView>('GET', '/v1/status');
    print(section('Server Status', [...known, ['Status', style.good('Connected')], ['Version', status.version]]));
  } catch (error) {
    print(section('Server Status', known));
    process.stderr.write(`${errorLines(causesOf(error))}\n`);
    process.exitCode = 1;
  }
}

import { readFileSync } from 'node:fs';
import { processesWith } from '../sut/process-group';
import { until } from '../sut/until';
import type { Phase9World } from '../world/world';

/** Bound for a gateway's end, in ms: asked to end, it stops its sandboxes first, which takes up to 10 s. */
const ENDS_WITHIN = 30_000;

/** The processes of this scenario's gateway on the host. */
function gatewayProcesses(world: Phase9World): number[] {
  return processesWith(`HOME=${world.own.environment.HOME}`).filter((pid) => /openshell-gateway/.test(commandOf(pid)));
}

/** Arguments of a process; none where it has ended meanwhile. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Ends the gateway: asked to (SIGTERM), it stops its sandboxes first; killed (SIGKILL), it leaves their containers alone.
 * @throws when none runs on the host
 */
export async function endGateway(world: Phase9World, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const running = gatewayProcesses(world);
  if (running.length === 0) throw new Error('no process of this scenario is an openshell-gateway');
  for (const pid of running) process.kill(pid, signal);
  await until('the gateway to end', async () => gatewayProcesses(world).length === 0, { within: ENDS_WITHIN });
}

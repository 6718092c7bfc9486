import { until } from '../../shared/until';
import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { startAgent } from '../agent-process';
import { CommandFailure } from '../failure';
import { ensureGateway } from '../gateway-process';
import { isRunning } from '../openshell';
import { say } from '../print';
import { entryOf } from '../registry';

/** After a restart of gateway or container the agent does not run by itself: starts it, and the gateway where needed. */
export async function recover(name: string): Promise<void> {
  const entry = entryOf(name);
  const agent = loadAgentManifest(agentNamed(entry.agent));
  if (await ensureGateway()) say('✓ Gateway started');
  try {
    // A gateway that was just started brings its sandboxes' containers back first.
    await until(`sandbox '${name}' to run`, async () => ((await isRunning(name)) ? true : undefined), {
      withinMs: 30_000,
      everyMs: 300,
    });
  } catch {
    throw new CommandFailure(`Sandbox '${name}' is not running, and the gateway did not bring it back within 30 s.`);
  }
  say(`✓ ${agent.display_name}: ${await startAgent(name, agent)}`);
}

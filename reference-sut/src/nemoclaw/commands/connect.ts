import { spawn } from 'node:child_process';
import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { agentVersionInside } from '../agent-process';
import { CommandFailure } from '../failure';
import { execArguments, isRunning, openshellBinary } from '../openshell';
import { say } from '../print';
import { entryOf, type SandboxEntry, saveEntry } from '../registry';
import { stalenessOf } from '../staleness';

/** Asks the agent for its version where the registry lacks it, and saves it there. */
async function withVersion(name: string, entry: SandboxEntry): Promise<SandboxEntry> {
  if (entry.agentVersion) return entry;
  const manifest = loadAgentManifest(agentNamed(entry.agent));
  const agentVersion = await agentVersionInside(name, manifest).catch(() => undefined);
  if (agentVersion === undefined) return entry;
  await saveEntry(name, { agentVersion });
  return { ...entry, agentVersion };
}

/** A shell in the sandbox, after a warning where its agent is stale. @returns the shell's exit status. */
export async function connect(name: string): Promise<number> {
  const registered = entryOf(name);
  const running = await isRunning(name);
  const entry = running ? await withVersion(name, registered) : registered;
  const { agent, version, stale } = stalenessOf(entry);
  if (stale) {
    say(`Sandbox '${name}' is running ${agent.display_name} ${version} (current: ${agent.expected_version})`);
    say(`Run: nemoclaw ${name} rebuild`);
    say();
  }
  if (!running) throw new CommandFailure(`Sandbox '${name}' is not running.`);
  // Without a terminal the shell reads its commands from our stdin and ends with it.
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = interactive ? ['sandbox', 'exec', '--name', name, '--', 'bash', '-l'] : execArguments(name, ['sh']);
  const child = spawn(openshellBinary(), args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CommandFailure(`openshell could not be started: ${error.message}`)));
    child.on('close', (code) => resolve(code ?? 128));
  });
}

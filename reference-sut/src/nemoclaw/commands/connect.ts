import { spawn } from 'node:child_process';
import { CommandFailure } from '../failure';
import { execArguments, isRunning, openshellBinary } from '../openshell';
import { say } from '../print';
import { entryOf, saveEntry } from '../registry';
import { stalenessOf } from '../staleness';

/** A shell in the sandbox, after a warning where its agent is stale. @returns the shell's exit status. */
export async function connect(name: string): Promise<number> {
  const entry = entryOf(name);
  if (!(await isRunning(name))) throw new CommandFailure(`Sandbox '${name}' is not running.`);
  const { agent, version, stale } = await stalenessOf(name, entry);
  // Where the registry lacks the version, it is saved there.
  if (!entry.agentVersion && version !== undefined) await saveEntry(name, { agentVersion: version });
  if (version === undefined)
    say(`The version of ${agent.display_name} in '${name}' is unknown: it could not be asked.`);
  if (stale) {
    say(`Sandbox '${name}' is running ${agent.display_name} ${version} (current: ${agent.expected_version})`);
    say(`Run: nemoclaw ${name} rebuild`);
    say();
  }
  // Without a terminal the shell reads its commands from our stdin and ends with it.
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const args = interactive ? ['sandbox', 'exec', '--name', name, '--', 'bash', '-l'] : execArguments(name, ['sh']);
  const child = spawn(openshellBinary(), args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new CommandFailure(`openshell could not be started: ${error.message}`)));
    child.on('close', (code) => resolve(code ?? 128));
  });
}

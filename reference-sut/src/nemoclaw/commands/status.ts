import { CommandFailure } from '../failure';
import { lastWords, openshell } from '../openshell';
import { say } from '../print';
import { pendingOf } from '../rebuild/pending';
import { entryOf } from '../registry';
import { stalenessOf } from '../staleness';

/** `nemoclaw <name> status`. @throws CommandFailure when the gateway does not know the sandbox. */
export async function status(name: string): Promise<void> {
  const entry = entryOf(name);
  const [{ agent, version, stale }, get] = await Promise.all([
    stalenessOf(name, entry),
    openshell(['sandbox', 'get', name]),
  ]);
  const connected = get.status === 0 && /^\s*Phase:\s*Ready\s*$/m.test(get.stdout);
  say(`Sandbox: ${name}`);
  say(`  Model:    ${entry.model ?? 'none'}`);
  say(`  Provider: ${entry.provider ?? 'none'}`);
  say('  Inference: https://inference.local/v1');
  say(`  OpenShell: ${entry.openshellVersion ?? 'unknown'} (${entry.openshellDriver ?? 'docker'})`);
  const custom = (entry.customPolicies ?? []).map((policy) => `${policy.name} (custom)`);
  say(`  Policies: ${[...(entry.policies ?? []), ...custom].join(', ') || 'none'}`);
  say(`  Connected: ${connected ? 'yes' : 'no'}`);
  say('  Permissions: the sandbox may change its own configuration');
  say(
    `  Agent:    ${agent.display_name} ${version === undefined ? '(version unknown: it could not be asked)' : `v${version}`}`,
  );
  if (stale) {
    say(`  Update:   v${agent.expected_version} available`);
    say(`            Run \`nemoclaw ${name} rebuild\` to upgrade`);
  }
  const pending = pendingOf(entry);
  if (pending !== undefined) {
    say(`  Rebuild:  interrupted; the backup of ${pending.backup} is whole`);
    say(`            Run \`nemoclaw ${name} rebuild --yes\` to go on with it`);
  }
  say();
  if (get.status !== 0) throw new CommandFailure(`OpenShell does not show the sandbox: ${lastWords(get)}`);
  process.stdout.write(get.stdout);
}

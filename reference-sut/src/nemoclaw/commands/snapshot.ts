import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { startAgent, stopAgent } from '../agent-process';
import { listBackups } from '../backup/manifest';
import { restoreConfig, restoreState } from '../backup/restore';
import { CommandFailure } from '../failure';
import { isRunning } from '../openshell';
import { applyOwnersPolicies } from '../policy/apply';
import { say } from '../print';
import { pendingOf } from '../rebuild/pending';
import { entryOf, saveEntry } from '../registry';
import { rebuild } from './rebuild';

/** `nemoclaw <name> snapshot list`: the complete backups of a sandbox, which may itself be gone. */
export function snapshotList(name: string): void {
  const backups = listBackups(name);
  if (backups.length === 0) say(`No backups of '${name}'.`);
  for (const { manifest, directory } of backups) {
    say(`${manifest.timestamp}  ${manifest.agentType} v${manifest.agentVersion ?? '?'}  ${directory}`);
  }
}

/** Restores a backup into a running sandbox of that name: state, configuration, policies. */
export async function snapshotRestore(name: string, timestamp: string): Promise<void> {
  const backup = listBackups(name).find(({ manifest }) => manifest.timestamp === timestamp);
  if (backup === undefined) throw new CommandFailure(`No complete backup "${timestamp}" of '${name}'.`);
  const { manifest } = backup;
  const entry = entryOf(name);
  // A restore without the rest of its rebuild would leave a sandbox that is half of each.
  if (pendingOf(entry)?.backup === timestamp) return rebuild(name, { yes: true });
  if (agentNamed(entry.agent) !== agentNamed(manifest.agentType)) {
    throw new CommandFailure(`The backup holds ${manifest.agentType}; '${name}' runs ${agentNamed(entry.agent)}.`);
  }
  if (!(await isRunning(name))) throw new CommandFailure(`Sandbox '${name}' is not running.`);
  const agent = loadAgentManifest(agentNamed(entry.agent));
  await stopAgent(name);
  await restoreState(name, backup);
  await restoreConfig(name, agent, backup, entry.disabledChannels ?? []);
  const policies = [...new Set([...(entry.policies ?? []), ...manifest.policyPresets])];
  const { customPolicies, liveOnlyPolicies: liveOnly, closedPolicies: closed } = manifest;
  await applyOwnersPolicies(name, { presets: policies, customPolicies, liveOnly, closed });
  await saveEntry(name, { policies, customPolicies, policyTier: manifest.policyTier });
  await startAgent(name, agent);
  say(`✓ Restored ${manifest.timestamp} into '${name}'`);
}

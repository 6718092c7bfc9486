import type { PolicySetView, PolicyView } from '../../gateway/api/messages';
import { clientOf, part } from '../gateway-client';
import { print } from '../output';
import { readPolicyFile } from '../policy-file';

/** `openshell policy get [--full] NAME`: plain text, and with --full the policy itself behind `---`. */
export async function showPolicy(name: string, full: boolean, gateway: string | undefined): Promise<void> {
  const policy = await clientOf(gateway).ask<PolicyView>('GET', `/v1/sandboxes/${part(name)}/policy`);
  const header = [
    `Version: ${policy.version}`,
    `Hash: ${policy.hash}`,
    'Status: Loaded',
    `Active: ${policy.version}`,
    `Created: ${policy.createdMs} ms`,
    `Loaded: ${policy.loadedMs} ms`,
  ];
  print(full ? [...header, '---', policy.yaml.trimEnd()].join('\n') : header.join('\n'));
}

/** `openshell policy set NAME --policy F [--wait]`. It takes effect at once, so that there is nothing to wait for. */
export async function setPolicy(name: string, file: string, wait: boolean, gateway: string | undefined): Promise<void> {
  const policy = readPolicyFile(file);
  const set = await clientOf(gateway).ask<PolicySetView>('PUT', `/v1/sandboxes/${part(name)}/policy`, { policy });
  const hash = set.hash.slice(0, 12);
  if (!set.changed) return print(`· Policy unchanged (version ${set.version}, hash: ${hash})`);
  print(`✓ Policy version ${set.version} submitted (hash: ${hash})`);
  if (wait) print(`✓ Policy version ${set.version} loaded (active version: ${set.version})`);
}

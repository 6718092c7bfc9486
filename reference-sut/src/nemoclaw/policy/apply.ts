import { CommandFailure } from '../failure';
import type { CustomPolicy } from '../registry';
import { holdsEntries, type NetworkPolicies, withEntries, withoutKeys } from './document';
import { networkPoliciesOf, readLivePolicy, setNetworkPolicies } from './live';
import { findPreset, parsePolicyFile } from './presets';

/** The policies that a sandbox's owner added to the default one. */
export interface OwnersPolicies {
  readonly presets: readonly string[];
  readonly customPolicies: readonly CustomPolicy[];
  /** Entries found on the gateway alone: set there with openshell itself, so no file names them. */
  readonly liveOnly: NetworkPolicies;
  /** Keys of default entries that the owner closed on the gateway. */
  readonly closed?: readonly string[];
}

export function customEntries(custom: CustomPolicy): NetworkPolicies {
  return parsePolicyFile(custom.sourcePath ?? custom.name, custom.content).entries;
}

/** Applies presets, custom policies and gateway-only entries in one go. @returns presets that this release lacks. */
export async function applyOwnersPolicies(sandbox: string, owners: OwnersPolicies): Promise<{ unknown: string[] }> {
  const unknown: string[] = [];
  const sources: NetworkPolicies[] = [];
  for (const name of owners.presets) {
    const preset = findPreset(name);
    if (preset === undefined) unknown.push(name);
    else sources.push(preset.entries);
  }
  sources.push(...owners.customPolicies.map(customEntries), owners.liveOnly);
  const wanted = sources.reduce<NetworkPolicies>(withEntries, {});
  const closed = (owners.closed ?? []).filter((key) => !Object.hasOwn(wanted, key));
  if (Object.keys(wanted).length + closed.length === 0) return { unknown };
  const document = await readLivePolicy(sandbox);
  const entries = withoutKeys(networkPoliciesOf(document), closed);
  await setNetworkPolicies(sandbox, document, withEntries(entries, wanted));
  const now = networkPoliciesOf(await readLivePolicy(sandbox));
  if (!holdsEntries(now, wanted) || closed.some((key) => Object.hasOwn(now, key))) {
    throw new CommandFailure(`The gateway took the policies of '${sandbox}' and does not show them.`);
  }
  return { unknown };
}

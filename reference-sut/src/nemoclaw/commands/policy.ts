import { resolve } from 'node:path';
import { agentNamed, loadAgentManifest } from '../agent-manifest';
import { CommandFailure } from '../failure';
import { customEntries } from '../policy/apply';
import { endpointNames, holdsEntries, type NetworkPolicies, withEntries, withoutEntries } from '../policy/document';
import { defaultEntries, networkPoliciesOf, readLivePolicy, setNetworkPolicies } from '../policy/live';
import { allPresets, findPreset, presetNamed, readPolicyFile } from '../policy/presets';
import { complain, relay, say } from '../print';
import { changeRegistry, entryOf, type SandboxEntry } from '../registry';

function changeEntry(name: string, change: (entry: SandboxEntry) => void): Promise<void> {
  return changeRegistry((registry) => {
    const entry = registry.sandboxes[name];
    if (entry !== undefined) change(entry);
  });
}

/** `nemoclaw <name> policy-list`: ● is active; differences between registry and gateway are marked. */
export async function policyList(name: string): Promise<void> {
  const entry = entryOf(name);
  const live = await readLivePolicy(name).then(networkPoliciesOf, () => undefined);
  if (live === undefined) complain('⚠ The gateway does not answer; this is what the registry says.');
  say(`Policy presets for '${name}':`);
  for (const preset of allPresets()) {
    const local = entry.policies?.includes(preset.name) ?? false;
    const active = live === undefined ? local : holdsEntries(live, preset.entries);
    const note =
      local === active
        ? ''
        : active
          ? ' (active on gateway, missing from local state)'
          : ' (recorded locally, missing on gateway)';
    say(`  ${local || active ? '●' : '○'} ${preset.name} — ${preset.description}${note}`);
  }
  for (const custom of entry.customPolicies ?? []) {
    const missing = live !== undefined && !holdsEntries(live, customEntries(custom));
    say(
      `  ● ${custom.name} — custom, from ${custom.sourcePath ?? 'a file'}${missing ? ' (recorded locally, missing on gateway)' : ''}`,
    );
  }
}

function requireYes(yes: boolean | undefined, what: string): void {
  if (yes || process.env.NEMOCLAW_YES === '1' || process.env.NEMOCLAW_NON_INTERACTIVE === '1') return;
  throw new CommandFailure(`${what}; confirm with --yes.`);
}

/** Adds entries to the live policy, after printing which endpoints that opens. */
async function widen(name: string, entries: NetworkPolicies): Promise<void> {
  const endpoints = endpointNames(entries).join(', ');
  say(`Endpoints that would be opened: ${endpoints}`);
  say(`Widening sandbox egress — adding: ${endpoints}`);
  const document = await readLivePolicy(name);
  relay(await setNetworkPolicies(name, document, withEntries(networkPoliciesOf(document), entries)));
}

async function addPreset(name: string, presetName: string, yes: boolean | undefined): Promise<void> {
  const preset = presetNamed(presetName);
  if (entryOf(name).policies?.includes(preset.name)) {
    throw new CommandFailure(`Preset '${preset.name}' is already applied.`);
  }
  requireYes(yes, `Preset '${preset.name}' opens ${endpointNames(preset.entries).join(', ')}`);
  await widen(name, preset.entries);
  await changeEntry(name, (entry) => {
    entry.policies = [...new Set([...(entry.policies ?? []), preset.name])];
  });
  say(`Applied preset: ${preset.name}`);
}

async function addFile(name: string, file: string, yes: boolean | undefined): Promise<void> {
  const entry = entryOf(name);
  const sourcePath = resolve(file);
  const { text, preset } = readPolicyFile(sourcePath);
  if (findPreset(preset.name) !== undefined) {
    throw new CommandFailure(`'${preset.name}' is the name of a preset; give the custom policy another (preset.name).`);
  }
  const before = entry.customPolicies?.find((custom) => custom.name === preset.name);
  if (before?.content === text) throw new CommandFailure(`Custom policy '${preset.name}' is already applied.`);
  complain(`⚠ Custom policy targets are not vetted: check that you trust ${endpointNames(preset.entries).join(', ')}.`);
  requireYes(yes, `Custom policy '${preset.name}' opens ${endpointNames(preset.entries).join(', ')}`);
  if (before !== undefined) await narrow(name, entry, before.name, customEntries(before));
  await widen(name, preset.entries);
  await changeEntry(name, (current) => {
    const others = (current.customPolicies ?? []).filter((custom) => custom.name !== preset.name);
    const added = { name: preset.name, content: text, sourcePath, appliedAt: new Date().toISOString() };
    current.customPolicies = [...others, added];
  });
  say(`Applied custom policy: ${preset.name}`);
}

/** `nemoclaw <name> policy-add <preset> | --from-file <file>`. */
export async function policyAdd(
  name: string,
  preset: string | undefined,
  flags: { readonly fromFile?: string; readonly yes?: boolean },
): Promise<void> {
  entryOf(name);
  if ((preset === undefined) === (flags.fromFile === undefined)) {
    throw new CommandFailure('policy-add takes the name of a preset, or --from-file <file>.');
  }
  if (flags.fromFile !== undefined) await addFile(name, flags.fromFile, flags.yes);
  else if (preset !== undefined) await addPreset(name, preset, flags.yes);
}

/** Removes entries from the live policy, except those that the default, other presets or custom policies need. */
async function narrow(name: string, entry: SandboxEntry, removed: string, entries: NetworkPolicies): Promise<void> {
  const others = (entry.policies ?? []).filter((preset) => preset !== removed);
  const kept = [
    defaultEntries(loadAgentManifest(agentNamed(entry.agent))),
    ...others.map((other) => findPreset(other)?.entries ?? {}),
    ...(entry.customPolicies ?? []).filter((custom) => custom.name !== removed).map(customEntries),
  ];
  const document = await readLivePolicy(name);
  relay(await setNetworkPolicies(name, document, withoutEntries(networkPoliciesOf(document), entries, kept)));
}

/** `nemoclaw <name> policy-remove <preset or custom policy>`. */
export async function policyRemove(name: string, policy: string, flags: { readonly yes?: boolean }): Promise<void> {
  const entry = entryOf(name);
  const custom = entry.customPolicies?.find((known) => known.name === policy);
  const entries = custom === undefined ? presetNamed(policy).entries : customEntries(custom);
  if (custom === undefined && !entry.policies?.includes(policy)) {
    throw new CommandFailure(`Preset '${policy}' is not applied.`);
  }
  requireYes(flags.yes, `Removing '${policy}' closes ${endpointNames(entries).join(', ')}`);
  await narrow(name, entry, policy, entries);
  await changeEntry(name, (current) => {
    if (custom === undefined) current.policies = (current.policies ?? []).filter((preset) => preset !== policy);
    else current.customPolicies = (current.customPolicies ?? []).filter((known) => known.name !== policy);
  });
  say(`Removed ${custom === undefined ? 'preset' : 'custom policy'}: ${policy}`);
}

import type { Phase9World } from '../world/world';

declare module '../world/scenario-state' {
  interface ScenarioState {
    switchedOff: SwitchedOffChannel;
  }
}

/** A messaging channel that its owner set up and then switched off. */
export interface SwitchedOffChannel {
  readonly channel: string;
  /** What the registry says of messaging since then, by field: every release has places of its own for that. */
  readonly noted: Readonly<Record<string, unknown>>;
}

/** Fields of a registry entry that say which channels are set up, and which of them are off. */
const FIELDS = ['messagingChannels', 'disabledChannels', 'messaging'] as const;

/** What the registry says of the sandbox's messaging. */
export function messagingNoted(entry: Readonly<Record<string, unknown>> | null): SwitchedOffChannel['noted'] {
  return Object.fromEntries(FIELDS.map((field) => [field, entry?.[field]]));
}

/** Switches a channel off by NemoClaw's own command, which asks nothing where it could rebuild at once: the next rebuild carries it out. */
export async function switchChannelOff(world: Phase9World, name: string): Promise<void> {
  const channel = name.toLowerCase();
  const { cli, durable } = world.own;
  const sandbox = world.get('sandbox');
  const options = { within: world.profile.bounds.command, env: { NEMOCLAW_NON_INTERACTIVE: '1' } };
  await cli.must(cli.nemoclaw([sandbox, 'channels', 'stop', channel], options));
  const noted = messagingNoted(durable.registryEntry(sandbox).peek());
  world.set({ switchedOff: { channel, noted } });
  world.staged('switched-off-channel', { channel, registry: durable.registryPath });
}

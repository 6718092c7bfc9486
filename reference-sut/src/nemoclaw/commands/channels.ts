import { CommandFailure } from '../failure';
import { CHANNELS } from '../messaging';
import { say } from '../print';
import { changeRegistry, entryOf } from '../registry';

/** `nemoclaw <name> channels stop|start <channel>`: noted now, carried out by the next rebuild. */
export async function setChannel(name: string, channel: string, to: 'stop' | 'start'): Promise<void> {
  if (!Object.hasOwn(CHANNELS, channel)) {
    throw new CommandFailure(`Unknown channel '${channel}'. Valid channels: ${Object.keys(CHANNELS).join(', ')}`);
  }
  const others = (entryOf(name).disabledChannels ?? []).filter((one) => one !== channel);
  const disabled = to === 'stop' ? [...others, channel].sort() : others;
  await changeRegistry(({ sandboxes }) => {
    const entry = sandboxes[name];
    if (entry !== undefined) entry.disabledChannels = disabled;
  });
  say(`✓ Marked ${channel} ${to === 'stop' ? 'disabled' : 'enabled'} for '${name}'.`);
  say(`Change queued. Run 'nemoclaw ${name} rebuild' to apply (${to} '${channel}').`);
}

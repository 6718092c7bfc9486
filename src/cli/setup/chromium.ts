import { Interrupted } from '../../problem';
import { onPath } from './engine';
import type { Machine } from './machine';
import { callProgram, type ProgramEnd, toldBy } from './program';

/** Names under which distributions and CI machines have it; the report's test looks for the same. */
export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const;

/** apt-get update, and apt-get install (ms each). */
const INSTALL_BOUND = 600_000;
const BY_HAND = 'the test of the report’s page will fail until there is one: apt-get install chromium';

/**
 * Looks for Chromium, and installs the distribution's where there is none and this machine lets us. Scenarios do not need it,
 * so that set-up goes on without.
 * @param tell what is being done, for the user to see.
 * @returns how it ended, in a few words.
 */
export async function ensureChromium(
  machine: Machine,
  tell: (text: string) => void,
  signal: AbortSignal,
  within: number = INSTALL_BOUND,
): Promise<string> {
  const there = CHROMIUM_NAMES.find((name) => onPath(name, machine.env));
  if (there !== undefined) return `${there} is there`;
  if (!machine.root || !machine.debianLike) return `none; ${BY_HAND}`;
  const apt = async (args: readonly string[]): Promise<ProgramEnd> => {
    const env = { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' };
    const end = await callProgram('apt-get', args, { env, within, signal });
    if (end.reason === 'interrupted') throw new Interrupted();
    return end;
  };
  tell('none here: installing chromium with apt-get');
  // A list that cannot be refreshed may still do; the installation then says what is really missing.
  const update = await apt(['update', '-qq']);
  if (update.status !== 0) tell(`apt-get update: ${toldBy(update, 2)}`);
  const end = await apt(['install', '--yes', '-qq', '--no-install-recommends', 'chromium']);
  if (end.status === 0) return 'installed';
  return `apt-get install chromium failed (${toldBy(end, 2)}); ${BY_HAND}`;
}

import { Interrupted } from '../../problem';
import type { Machine } from './machine';
import { callProgram, type ProgramEnd, toldBy } from './program';

/** apt-get update, and apt-get install (ms each). */
const INSTALL_BOUND = 600_000;

/** What a scenario or a test can do without, so that set-up goes on where it cannot be had. */
export interface Wanted {
  /** Packages of the distribution. */
  readonly packages: readonly string[];
  /** What happens without them. */
  readonly otherwise: string;
}

/**
 * Installs packages of the distribution where this machine lets us.
 * @param tell what is being done, for the user to see.
 * @returns how it ended, in a few words.
 * @throws Interrupted when the user ends it.
 */
export async function installPackages(
  machine: Machine,
  { packages, otherwise }: Wanted,
  tell: (text: string) => void,
  signal: AbortSignal,
  within: number = INSTALL_BOUND,
): Promise<string> {
  const names = packages.join(' ');
  const byHand = `${otherwise}: apt-get install ${names}`;
  if (!machine.root || !machine.debianLike) return `none; ${byHand}`;
  const apt = async (args: readonly string[]): Promise<ProgramEnd> => {
    const env = { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' };
    const end = await callProgram('apt-get', args, { env, within, signal });
    if (end.reason === 'interrupted') throw new Interrupted();
    return end;
  };
  tell(`none here: installing ${names} with apt-get`);
  // A list that cannot be refreshed may still do; the installation then says what is really missing.
  const update = await apt(['update', '-qq']);
  if (update.status !== 0) tell(`apt-get update: ${toldBy(update, 2)}`);
  const end = await apt(['install', '--yes', '-qq', '--no-install-recommends', ...packages]);
  if (end.status === 0) return 'installed';
  return `apt-get install ${names} failed (${toldBy(end, 2)}); ${byHand}`;
}

import { Interrupted } from '../run-action';
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

/** One call of apt-get. @throws Interrupted when the user ends it. */
type AptGet = (args: readonly string[]) => Promise<ProgramEnd>;

/** Calls of apt-get that ask nothing, each of which may take `within` ms. */
export function aptGet(machine: Machine, signal: AbortSignal, within: number): AptGet {
  return async (args) => {
    const env = { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' };
    const end = await callProgram('apt-get', args, { env, within, signal });
    if (end.reason === 'interrupted') throw new Interrupted();
    return end;
  };
}

/** Refreshes the list of packages. One that cannot be refreshed may still do; the installation then says what is really missing. */
export async function refreshList(apt: AptGet, tell: (text: string) => void): Promise<void> {
  const update = await apt(['update', '-qq']);
  if (update.status !== 0) tell(`apt-get update: ${toldBy(update, 2)}`);
}

/** Installs packages, and nothing that they merely recommend. */
export function install(apt: AptGet, packages: readonly string[]): Promise<ProgramEnd> {
  return apt(['install', '--yes', '-qq', '--no-install-recommends', ...packages]);
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
  const apt = aptGet(machine, signal, within);
  tell(`none here: installing ${names} with apt-get`);
  await refreshList(apt, tell);
  const end = await install(apt, packages);
  if (end.status === 0) return 'installed';
  return `apt-get install ${names} failed (${toldBy(end, 2)}); ${byHand}`;
}

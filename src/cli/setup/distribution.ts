import { callProgram, describeEnd, type ProgramEnd } from '../program';
import type { Machine } from './machine';

/** Bound of apt-get update, and of apt-get install, in ms each. */
const INSTALL_BOUND = 600_000;

/** Reports progress, for the user to see. */
export type Report = (text: string) => void;

/** Packages that are useful and not necessary: set-up goes on where it cannot install them. */
export interface Wanted {
  /** Packages of the distribution. */
  readonly packages: readonly string[];
  /** The consequence of their absence. */
  readonly otherwise: string;
}

/** One call of apt-get. @throws Interrupted when the user ends it. */
export type AptGet = (...args: readonly string[]) => Promise<ProgramEnd>;

/** Calls of apt-get without questions, each with a bound of `within` ms. */
export function aptGet(env: NodeJS.ProcessEnv, signal: AbortSignal, within: number): AptGet {
  return (...args) =>
    callProgram('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, within, signal });
}

/** Refreshes the list of packages. A failure is reported only: the old list may do, and the installation names what is missing. */
export async function refreshList(apt: AptGet, report: Report): Promise<void> {
  const update = await apt('update', '-qq');
  if (update.status !== 0) report(`apt-get update: ${describeEnd(update, 2)}`);
}

/** Installs packages without those that they merely recommend. */
export function install(apt: AptGet, packages: readonly string[]): Promise<ProgramEnd> {
  return apt('install', '--yes', '-qq', '--no-install-recommends', ...packages);
}

/**
 * Installs packages of the distribution where this machine allows it.
 * @returns the outcome in a few words.
 * @throws Interrupted when the user ends it.
 */
export async function installPackages(
  machine: Machine,
  { packages, otherwise }: Wanted,
  report: Report,
  signal: AbortSignal,
  within: number = INSTALL_BOUND,
): Promise<string> {
  const names = packages.join(' ');
  const byHand = `${otherwise}: apt-get install ${names}`;
  if (!machine.root || !machine.debianLike) return `none; ${byHand}`;
  const apt = aptGet(machine.env, signal, within);
  report(`none here: installing ${names} with apt-get`);
  await refreshList(apt, report);
  const end = await install(apt, packages);
  if (end.status === 0) return 'installed';
  return `apt-get install ${names} failed (${describeEnd(end, 2)}); ${byHand}`;
}

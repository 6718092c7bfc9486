import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../../user-error';
import { callProgram } from '../program';
import type { Register } from './register';

/** Ubuntu 24.04 forbids user namespaces to programs without a profile of AppArmor where this is 1. */
const USERNS = 'kernel.apparmor_restrict_unprivileged_userns';
const USERNS_FILE = `/proc/sys/${USERNS.replaceAll('.', '/')}`;
const FUSE = '/dev/fuse';

/** What the scenarios need of a runner, and how its owner provides it. */
export interface Need {
  readonly what: string;
  readonly there: () => Promise<boolean>;
  /** The command that provides it; undefined where none does. */
  readonly change?: readonly [string, ...string[]];
  /** What to do where there is no such command, or it does not help. */
  readonly advice: string;
}

/** Provides what is missing, where that is allowed. @returns what still is, with what to do; @param call runs a command, which may fail */
export async function stillMissing(
  needs: readonly Need[],
  change: boolean,
  call: (argv: readonly string[]) => Promise<unknown>,
): Promise<string[]> {
  const missing: string[] = [];
  for (const { what, there, change: command, advice } of needs) {
    if (await there()) continue;
    if (change && command !== undefined) {
      await call(command);
      if (await there()) continue;
    }
    missing.push(`${what}: ${command === undefined ? advice : `${advice} (${command.join(' ')})`}`);
  }
  return missing;
}

/** What this runner has to have; its user is an ordinary one throughout. */
function needsOf(succeeds: (argv: readonly [string, ...string[]]) => Promise<boolean>): Need[] {
  const restricted = () => existsSync(USERNS_FILE) && readFileSync(USERNS_FILE, 'utf8').trim() !== '0';
  return [
    {
      what: 'an ordinary user',
      there: async () => process.getuid?.() !== 0,
      advice: 'run the jobs as a user other than root, in group docker',
    },
    {
      what: 'Docker Engine for this user',
      there: () => succeeds(['docker', 'version', '--format', '{{.Server.Version}}']),
      advice: 'start it, and put the user in group docker',
    },
    {
      what: 'user, mount and network namespaces for this user',
      there: async () =>
        !restricted() && (await succeeds(['unshare', '--user', '--map-root-user', '--mount', '--net', 'true'])),
      change: ['sudo', '--non-interactive', 'sysctl', '--write', `${USERNS}=0`],
      advice: 'let users have them',
    },
    {
      what: FUSE,
      there: async () => existsSync(FUSE),
      change: ['sudo', '--non-interactive', 'modprobe', 'fuse'],
      advice: 'load the module',
    },
  ];
}

export const registerRunner: Register = (ci, action) => {
  ci.command('runner')
    .description(
      'check what the scenarios need of a CI runner: an ordinary user with Docker, user namespaces, /dev/fuse',
    )
    .option('--change', 'provide what is missing, with sudo, until the machine starts again')
    .addHelpText('after', '\nExit status: 0 all is there, 2 something is missing; stderr names it, and what to do.')
    .action(({ change }: { readonly change?: true }) =>
      action('runner', async (signal) => {
        const call = ([file = '', ...args]: readonly string[]) => callProgram(file, args, { within: 30_000, signal });
        const needs = needsOf(async (argv) => (await call(argv)).status === 0);
        const missing = await stillMissing(needs, change === true, call);
        if (missing.length > 0) throw new UserError(`this runner lacks ${missing.join('; ')}`);
        process.stdout.write(`there: ${needs.map(({ what }) => what).join(', ')}\n`);
      }),
    );
};

import path from 'node:path';

/** A process that is Hermes' gateway. */
export interface GatewayProcess {
  readonly pid: number;
  /** Names of its real, effective, saved and file system users. */
  readonly users: readonly string[];
  /** Whether it has root's group, as one of its own or as a further one. */
  readonly rootsGroup: boolean;
  /** Whether it has any capability, in effect or within its reach. */
  readonly capable: boolean;
  readonly command: string;
}

/**
 * Whether a command line is the gateway itself, by one of its programs or by its interpreter, and not a shell around it.
 */
function isGateway(argv: readonly string[], programs: readonly string[]): boolean {
  const at = argv.findIndex((one) => programs.includes(path.posix.basename(one)));
  return (at === 0 || at === 1) && argv[at + 1] === 'gateway' && argv[at + 2] === 'run';
}

/**
 * Finds the gateway's processes in a listing: `name:uid` lines, an empty line, then for each process its pid, its four
 * user IDs, its four group IDs, its further groups, its permitted capabilities, and its arguments, each of them ended by a
 * unit separator.
 * @param programs names of the programs whose `gateway run` is the gateway
 */
export function gatewayProcessesIn(listing: string, programs: readonly string[]): GatewayProcess[] {
  const [users = '', processes = ''] = listing.split('\n\n', 2);
  const names = new Map(
    users.split('\n').map((line): [string, string] => {
      const [name = '', uid = ''] = line.split(':');
      return [uid, name];
    }),
  );
  return processes.split('\n').flatMap((line) => {
    const [, pid, uids = '', gids = '', capabilities = '', command = ''] =
      /^(\d+) (\d+ \d+ \d+ \d+) ((?:\d+ ){4,})([0-9a-f]{16}) (.*)$/.exec(line) ?? [];
    const argv = command.split('\x1f').filter((one) => one !== '');
    if (pid === undefined || !isGateway(argv, programs)) return [];
    return [
      {
        pid: Number(pid),
        users: [...new Set(uids.split(' '))].map((uid) => names.get(uid) ?? uid),
        rootsGroup: gids.trim().split(' ').includes('0'),
        capable: /[^0]/.test(capabilities),
        command: argv.join(' '),
      },
    ];
  });
}

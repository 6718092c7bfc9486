import path from 'node:path';

/** A process of an agent, as the kernel shows it inside the sandbox. */
export interface AgentProcess {
  readonly pid: number;
  /** The kernel's letter for its state: R, S, D, T, Z … */
  readonly state: string;
  /** Name of its user; its number where the sandbox has no name for it. */
  readonly user: string;
  readonly command: string;
}

/**
 * Prints `name:uid` lines, an empty line, and for each process its pid, state, user ID and arguments, each of them ended by a unit separator. It is one
 * line: OpenShell takes no argument with a line break.
 */
export const PROCESS_LISTING = [
  'cut -d: -f1,3 /etc/passwd; echo; cd /proc',
  'for n in [0-9]*; do [ "$n" = $$ ] && continue; s=gone; u=gone',
  'while read -r k v r; do case "$k" in State:) s=$v;; Uid:) u=$v;; esac; done <"$n/status"',
  'printf "%s %s %s " "$n" "$s" "$u"; tr "\\000\\n" "\\037 " <"$n/cmdline"; echo; done 2>/dev/null',
  'exit 0',
].join('; ');

/** States of a process that does nothing any more. */
const ENDED = new Set(['Z', 'X', 'gone']);

/**
 * The living processes of an agent in a listing: by one of `programs` itself, or by an interpreter that runs one. A zombie has no arguments
 * left, and is none.
 */
export function agentProcessesIn(listing: string, programs: readonly string[]): AgentProcess[] {
  const [users = '', processes = ''] = listing.split('\n\n', 2);
  const names = new Map(users.split('\n').map((line) => [line.split(':')[1] ?? '', line.split(':')[0] ?? '']));
  return processes.split('\n').flatMap((line) => {
    const [, pid, state = '', uid = '', rest = ''] = /^(\d+) (\S+) (\S+) (.*)$/.exec(line) ?? [];
    const argv = rest.split('\x1f').filter((one) => one !== '');
    if (pid === undefined || ENDED.has(state) || !isOneOf(programs, argv)) return [];
    return [{ pid: Number(pid), state, user: names.get(uid) ?? uid, command: argv.join(' ').trim() }];
  });
}

function isOneOf(programs: readonly string[], argv: readonly string[]): boolean {
  const [first = '', second = ''] = argv.map((one) => path.posix.basename(one.trim().split(' ')[0] ?? ''));
  if (programs.includes(first)) return true;
  return INTERPRETER.test(first) && programs.includes(second);
}

const INTERPRETER = /^(?:node|nodejs|python\d*(?:\.\d+)?|bash|sh|dash)$/;

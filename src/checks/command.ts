import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { tail, textOf } from '../sut/host-cli';

/** Everything that a command printed: standard output, then standard error. */
export function printed(a: AssertionContext, outcome: Observation<CommandResult>): string {
  const { stdout, stderr } = a.see(outcome);
  return `${textOf(stdout)}\n${textOf(stderr)}`;
}

/** The command ended by itself with 0; where not, the last lines of its output say more. */
export function succeeds(
  a: AssertionContext,
  outcome: Observation<CommandResult>,
  name = 'the command',
): CommandResult {
  const result = a.see(outcome);
  a.equals(`how ${name} ended`, result.ended, 'exited');
  a.equals(`exit status of ${name}`, result.exit, 0);
  if (result.exit !== 0) a.that(`last lines of ${name}`, tail(result, 8), 'none of a failure', false);
  return result;
}

/** The command ended by itself, and not with 0. @returns what it printed */
export function refuses(a: AssertionContext, outcome: Observation<CommandResult>, name = 'the command'): string {
  const { ended, exit } = a.see(outcome);
  a.equals(`how ${name} ended`, ended, 'exited');
  a.differs(`exit status of ${name}`, exit, 0);
  return printed(a, outcome);
}

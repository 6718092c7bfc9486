import type { AssertionContext } from '../evidence/assertion';
import type { Observation } from '../evidence/observation';
import type { CommandResult } from '../sut/command';
import { textOf } from '../sut/host-cli';

/** Everything that a command printed: standard output, then standard error. */
export function printed(a: AssertionContext, outcome: Observation<CommandResult>): string {
  const { stdout, stderr } = a.see(outcome);
  return `${textOf(stdout)}\n${textOf(stderr)}`;
}

/** Words of a line that tells why something failed. */
const CAUSE = /error|fail|denied|refus|requir|cannot|can't|could not|not found|missing|abort|invalid|unable/i;

/** The lines of a command's output that tell why it failed, wherever they stand, and its last ones. */
export function failureLines({ stdout, stderr }: CommandResult): readonly string[] {
  const lines = `${textOf(stdout)}\n${textOf(stderr)}`.split('\n').map((line) => line.trimEnd());
  const kept = lines.filter((line) => line !== '');
  const causes = kept.slice(0, -6).filter((line) => CAUSE.test(line));
  return [...causes.slice(-10), ...kept.slice(-6)];
}

/** The command ended by itself with 0; where not, the lines that tell why are kept. */
export function succeeds(
  a: AssertionContext,
  outcome: Observation<CommandResult>,
  name = 'the command',
): CommandResult {
  const result = a.see(outcome);
  a.equals(`how ${name} ended`, result.ended, 'exited');
  a.equals(`exit status of ${name}`, result.exit, 0);
  if (result.exit !== 0) a.isEmpty(`lines of ${name} that tell of the failure`, failureLines(result));
  return result;
}

/** The command ended by itself, and not with 0. @returns what it printed */
export function refuses(a: AssertionContext, outcome: Observation<CommandResult>, name = 'the command'): string {
  const { ended, exit } = a.see(outcome);
  a.equals(`how ${name} ended`, ended, 'exited');
  a.differs(`exit status of ${name}`, exit, 0);
  return printed(a, outcome);
}

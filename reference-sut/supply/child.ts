import { lastLines } from '../src/shared/output';
import { type ProgramEnd, type ProgramOptions, runProgram } from '../src/shared/program';

/** A command that could not be started, ran out of time or ended with another status than 0. */
export class CommandFailure extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
  }
}

export interface CommandOptions extends Omit<ProgramOptions, 'input' | 'ownGroup'> {
  /** Bound in ms for the whole command. */
  readonly within: number;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command without input, in a process group of its own that is killed as a whole at the bound.
 * @throws CommandFailure with the last lines of its output.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  options.signal?.throwIfAborted();
  const { end, stdout, stderr } = await runProgram(command, args, { ...options, ownGroup: true });
  if (end.how === 'exited' && end.status === 0) return { stdout, stderr };
  const shown = [command, ...args].join(' ').slice(0, 200);
  if (end.how === 'unstarted') throw new CommandFailure(`${shown} could not be started: ${end.reason}`, '');
  const output = `${stderr}\n${stdout}`.trim();
  const tail = output === '' ? '' : `\n${lastLines(output, 12).join('\n')}`;
  throw new CommandFailure(`${shown}: ${reasonFor(end, options)}${tail}`, output);
}

function reasonFor(end: Exclude<ProgramEnd, { how: 'unstarted' }>, options: CommandOptions): string {
  if (end.how === 'exited') return `exit status ${end.status}`;
  if (end.how === 'signalled') return `ended by ${end.signal}`;
  if (end.why === 'abort') return 'was interrupted';
  return end.why === 'bound'
    ? `did not end within ${seconds(options.within)}`
    : `printed nothing for ${seconds(options.firstOutputWithin ?? 0)}`;
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

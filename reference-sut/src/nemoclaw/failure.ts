import { reasonOf } from '../shared/reason';

/** A command that ends with a message for its caller: the lines go to stderr, the status becomes the exit status. */
export class CommandFailure extends Error {
  readonly lines: readonly string[];
  readonly status: number;

  constructor(lines: string | readonly string[], status = 1) {
    const all = typeof lines === 'string' ? [lines] : lines;
    super(all.join('\n'));
    this.name = 'CommandFailure';
    this.lines = all;
    this.status = status;
  }
}

/** An error as lines for the caller. */
export function linesOf(error: unknown): readonly string[] {
  return error instanceof CommandFailure ? error.lines : [reasonOf(error)];
}

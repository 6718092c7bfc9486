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

/** The reason that an unknown thrown value gives, in one line where it is an error. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A failure that the CLI tells with its causes, and ends with status 1. */
export class Failure extends Error {
  readonly causes: readonly string[];

  constructor(...causes: readonly string[]) {
    super(causes.join(': '));
    this.name = 'Failure';
    this.causes = causes;
  }
}

/** What went wrong, as lines of an error. */
export function causesOf(error: unknown): readonly string[] {
  if (error instanceof Failure) return error.causes;
  return [error instanceof Error ? error.message : String(error)];
}

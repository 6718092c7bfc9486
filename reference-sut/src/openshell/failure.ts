import { reasonOf } from '../shared/reason';

/** A failure that the CLI prints with its causes, and ends with status 1. */
export class Failure extends Error {
  readonly causes: readonly string[];

  constructor(...causes: readonly string[]) {
    super(causes.join(': '));
    this.name = 'Failure';
    this.causes = causes;
  }
}

/** An error as lines, the first of which is the failure itself. */
export function causesOf(error: unknown): readonly string[] {
  if (error instanceof Failure) return error.causes;
  return [reasonOf(error)];
}

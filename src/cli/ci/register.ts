import type { Command } from 'commander';

/** Adds one subcommand; `action` reports a problem in one message. */
export type Register = (
  ci: Command,
  action: (name: string, work: (signal: AbortSignal) => Promise<void>) => Promise<void>,
) => void;

import { stripVTControlCharacters } from 'node:util';
import { BoundaryError, Observation, type TraceEntry } from '../evidence/observation';
import { bounded } from '../secrets/redact';
import type { Boundary } from '../spec/boundary';
import { type CommandResult, endedHow, runCommand } from './command';

/** How commands reach the SUT: its programs, its environment, its directories, and the end of all patience. */
export interface Reach {
  readonly nemoclaw: readonly [string, ...string[]];
  readonly openshell: readonly [string, ...string[]];
  readonly env: () => Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logs: string;
  readonly signal: AbortSignal;
}

export interface CallOptions {
  /** Bound in ms. */
  readonly within: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string | Buffer;
  /** Called with the pid of the command's own process group, as soon as it runs. */
  readonly started?: (group: number) => void;
  /** Where the value counts as read; the host's command line by default. */
  readonly boundary?: Boundary;
}

/** Most bytes that one `openshell sandbox exec` takes on standard input: a larger content goes in pieces. */
export const OPENSHELL_STDIN_LIMIT = 4 * 1024 * 1024;

/** What a command printed, ANSI colours taken out. */
export function textOf(bytes: Buffer): string {
  return stripVTControlCharacters(bytes.toString('utf8'));
}

/** Last lines of a command's output, for messages. */
export function tail(result: CommandResult, lines = 12): string {
  const all = `${textOf(result.stdout)}${textOf(result.stderr)}`.trimEnd().split('\n');
  return bounded(all.slice(-lines).join('\n'));
}

function entryOf(result: CommandResult, boundary: Boundary, kind: TraceEntry['kind'], source: string): TraceEntry {
  return {
    boundary,
    kind,
    source: bounded(source, 400),
    startedAt: result.startedAt,
    finishedAt: result.finishedAt,
    seen: {
      ended: result.ended,
      exit: result.exit,
      stdout: bounded(textOf(result.stdout), 1200),
      stderr: bounded(textOf(result.stderr), 1200),
    },
  };
}

/** The programs that NemoClaw and OpenShell put on the host, run as a user runs them. */
export class HostCli {
  constructor(private readonly reach: Reach) {}

  nemoclaw(args: readonly string[], options: CallOptions): Promise<Observation<CommandResult>> {
    return this.run([...this.reach.nemoclaw, ...args], options, `nemoclaw ${args.join(' ')}`);
  }

  /** @throws when more is handed to standard input than OpenShell passes on. */
  async openshell(args: readonly string[], options: CallOptions): Promise<Observation<CommandResult>> {
    const bytes = options.input === undefined ? 0 : Buffer.byteLength(options.input);
    if (bytes > OPENSHELL_STDIN_LIMIT)
      throw new Error(`openshell ${args.join(' ')}: ${bytes} bytes of input; OpenShell takes ${OPENSHELL_STDIN_LIMIT}`);
    return this.run([...this.reach.openshell, ...args], options, `openshell ${args.join(' ')}`);
  }

  /** Any program of the host, with the SUT's environment. Never throws for how it ends. */
  async run(
    argv: readonly [string, ...string[]],
    { within, env, input, started, boundary = 'host-cli' }: CallOptions,
    source: string = argv.join(' '),
    kind: TraceEntry['kind'] = 'command',
  ): Promise<Observation<CommandResult>> {
    const result = await runCommand({
      argv,
      env: { ...this.reach.env(), ...env },
      cwd: this.reach.cwd,
      within,
      signal: this.reach.signal,
      logs: this.reach.logs,
      ...(input === undefined ? {} : { input }),
      ...(started === undefined ? {} : { started }),
    });
    return new Observation(result, entryOf(result, boundary, kind, source));
  }

  /**
   * Like the calls above, for a command that must work for a value to be read at all.
   * @throws BoundaryError with how it ended and its last lines.
   */
  async must(call: Promise<Observation<CommandResult>>): Promise<Observation<CommandResult>> {
    const observation = await call;
    const result = observation.peek();
    if (result.exit !== 0) {
      throw new BoundaryError(
        `\`${observation.entry.source}\`: ${endedHow(result)}\n${tail(result)}`,
        observation.entry,
      );
    }
    return observation;
  }
}

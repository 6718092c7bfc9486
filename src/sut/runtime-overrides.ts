import path from 'node:path';
import { BoundaryError, Observation } from '../evidence/observation';
import { sha256 } from '../sha256';
import { agentFacts } from './agents';
import type { CommandResult } from './command';
import { copiedFile } from './container-file';
import { type HostCli, textOf } from './host-cli';
import type { FileSeen } from './sandbox';

const { stateDirectory, configuration } = agentFacts.openclaw;

/** How one start of the sandbox image ended, as its operator sees it. */
export interface StartSeen {
  readonly ended: CommandResult['ended'];
  readonly exit: number | null;
  readonly stderr: string;
  /** Whether the whole output arrived: only then does a missing line prove anything. */
  readonly whole: boolean;
  /** Whether the command that the sandbox was started for ran. */
  readonly ran: boolean;
}

/** The report of the command that the sandbox was started for; empty where it never ran. */
export interface PayloadSeen {
  /** Exit status of `sha256sum -c .config-hash`. */
  readonly hash: string | undefined;
  /** Exit status of the agent's own command, where the start has one. */
  readonly command: string | undefined;
  readonly toTheEnd: boolean;
}

/** One start of a container that has ended. */
export interface StartOutcome {
  readonly name: string;
  readonly outcome: Observation<StartSeen>;
  readonly payload: Observation<PayloadSeen>;
}

/** One container that was started with overrides and has ended, with the files in its state directory. */
export interface OverrideStart extends StartOutcome {
  readonly config: Observation<FileSeen>;
  readonly hash: Observation<FileSeen>;
}

/** The output before the mark that ends it; null where the mark is not its last line. */
export function wholeBefore(output: string, mark: string): string | null {
  const end = `\n${mark}\n`;
  return output.endsWith(end) ? output.slice(0, -end.length) : null;
}

/** The payload's lines: the rest of each by its first word. */
export function payloadReport(output: string, mark: string): ReadonlyMap<string, string> {
  const report = new Map<string, string>();
  for (const line of output.split('\n')) {
    if (!line.startsWith(`${mark} `)) continue;
    const [word = '', ...rest] = line.slice(mark.length + 1).split(' ');
    report.set(word, rest.join(' '));
  }
  return report;
}

/**
 * Whether `line`, as sha256sum writes it, names the configuration in the state directory and has the digest of `bytes`.
 */
export function hashCovers(line: string, bytes: Buffer): boolean {
  const [, hex, name] = /^([0-9a-f]{64}) [ *](\S+)\n$/.exec(line) ?? [];
  if (hex === undefined || name === undefined) return false;
  const named = path.posix.resolve(stateDirectory, name) === path.posix.join(stateDirectory, configuration);
  return named && hex === sha256(bytes);
}

/** How a start is read: the marks in its output, a directory for its files, and a bound in ms. */
export interface Reading {
  readonly container: string;
  /** Last line of both streams. */
  readonly wholeMark: string;
  /** First word of the payload's lines. */
  readonly payloadMark: string;
  /** Existing directory for copies of its files. */
  readonly directory: string;
  readonly within: number;
}

/**
 * Runs `docker run …` or `docker start …` to the container's end, and reads its output.
 * @throws BoundaryError when the engine refuses to start the container
 */
export async function startAndListen(
  cli: HostCli,
  argv: readonly [string, ...string[]],
  source: string,
  reading: Reading,
): Promise<StartOutcome> {
  const call = await cli.run(argv, { within: reading.within }, source);
  const result = call.peek();
  // Exit status of the engine's own refusal, not of the image's.
  if (result.exit === 125) throw new BoundaryError(`\`${source}\`: ${textOf(result.stderr).trim()}`, call.entry);
  const [stdout, stderr] = [textOf(result.stdout), textOf(result.stderr)];
  const errors = wholeBefore(stderr, reading.wholeMark);
  const report = payloadReport(stdout, reading.payloadMark);
  const whole = errors !== null && wholeBefore(stdout, reading.wholeMark) !== null;
  const seen: StartSeen = {
    ended: result.ended,
    exit: result.exit,
    stderr: errors ?? stderr,
    whole,
    ran: report.size > 0,
  };
  const payload: PayloadSeen = {
    hash: report.get('hash'),
    command: report.get('command'),
    toTheEnd: report.has('ends'),
  };
  return {
    name: reading.container,
    outcome: new Observation(seen, { ...call.entry, seen: { ...call.entry.seen, whole, ran: seen.ran } }),
    payload: new Observation(payload, {
      ...call.entry,
      boundary: 'sandbox',
      kind: 'container-command',
      source: `${reading.container}: the command it was started for`,
      seen: Object.fromEntries(report),
    }),
  };
}

/** The same, with the files in the state directory as the ended container left them. */
export async function startAndRead(
  cli: HostCli,
  argv: readonly [string, ...string[]],
  source: string,
  reading: Reading,
): Promise<OverrideStart> {
  const start = await startAndListen(cli, argv, source, reading);
  const [config, hash] = await Promise.all([copied(cli, reading, configuration), copied(cli, reading, '.config-hash')]);
  return { ...start, config, hash };
}

/** A file of the state directory as the ended container left it; a link counts as no file. */
function copied(cli: HostCli, { container, directory, within }: Reading, name: string): Promise<Observation<FileSeen>> {
  const file = path.posix.join(stateDirectory, name);
  const copy = path.join(directory, `${container}${path.extname(name) || name}`);
  return copiedFile(cli, { container, file, copy, within, boundary: 'sandbox' });
}

import { createHash } from 'node:crypto';
import path from 'node:path';
import { BoundaryError, Observation } from '../evidence/observation';
import { agentFacts } from './agents';
import type { CommandResult } from './command';
import { copiedFile } from './container-file';
import { type HostCli, textOf } from './host-cli';
import type { FileSeen } from './sandbox';

const { stateDirectory, configuration } = agentFacts.openclaw;

/** One start of the sandbox image as its operator sees it. */
export interface StartSeen {
  readonly ended: CommandResult['ended'];
  readonly exit: number | null;
  readonly stderr: string;
  /** Whether all that was printed arrived: only then does something missing say anything. */
  readonly whole: boolean;
  /** Whether the command that the sandbox was started for ran. */
  readonly ran: boolean;
}

/** What the command that the sandbox was started for said; nothing where it never ran. */
export interface PayloadSeen {
  /** Exit status of `sha256sum -c .config-hash`. */
  readonly hash: string | undefined;
  /** Exit status of the agent's own command, where one was asked for. */
  readonly command: string | undefined;
  readonly toTheEnd: boolean;
}

/** One container that was started with overrides and has ended. */
export interface OverrideStart {
  readonly name: string;
  readonly outcome: Observation<StartSeen>;
  readonly payload: Observation<PayloadSeen>;
  readonly config: Observation<FileSeen>;
  readonly hash: Observation<FileSeen>;
}

/** What `output` holds before the line that says that it is whole; null where that line is not its last. */
export function wholeBefore(output: string, mark: string): string | null {
  const end = `\n${mark}\n`;
  return output.endsWith(end) ? output.slice(0, -end.length) : null;
}

/** The payload's words, by the first of each line. */
export function saidBy(output: string, mark: string): ReadonlyMap<string, string> {
  const said = new Map<string, string>();
  for (const line of output.split('\n')) {
    if (!line.startsWith(`${mark} `)) continue;
    const [word = '', ...rest] = line.slice(mark.length + 1).split(' ');
    said.set(word, rest.join(' '));
  }
  return said;
}

/** Whether `line`, as sha256sum writes one, is about the configuration in the state directory and true of `bytes`. */
export function hashCovers(line: string, bytes: Buffer): boolean {
  const [, hex, name] = /^([0-9a-f]{64}) [ *](\S+)\n$/.exec(line) ?? [];
  if (hex === undefined || name === undefined) return false;
  const meant = path.posix.resolve(stateDirectory, name) === path.posix.join(stateDirectory, configuration);
  return meant && hex === createHash('sha256').update(bytes).digest('hex');
}

/** How a container that was started is read: the marks around its output, the place for its files, a bound in ms. */
export interface Reading {
  readonly container: string;
  /** Last line of either stream. */
  readonly wholeMark: string;
  /** Begins the payload's lines. */
  readonly payloadMark: string;
  /** Where copies of its files go; exists. */
  readonly directory: string;
  readonly within: number;
}

/** Runs `docker run …` to its end, and reads what it printed and what it leaves in its state directory. */
export async function startAndRead(
  cli: HostCli,
  argv: readonly [string, ...string[]],
  source: string,
  reading: Reading,
): Promise<OverrideStart> {
  const call = await cli.run(argv, { within: reading.within }, source);
  const result = call.peek();
  // The engine's own refusal, not the image's.
  if (result.exit === 125) throw new BoundaryError(`\`${source}\`: ${textOf(result.stderr).trim()}`, call.entry);
  const [stdout, stderr] = [textOf(result.stdout), textOf(result.stderr)];
  const errors = wholeBefore(stderr, reading.wholeMark);
  const words = saidBy(stdout, reading.payloadMark);
  const whole = errors !== null && wholeBefore(stdout, reading.wholeMark) !== null;
  const seen: StartSeen = {
    ended: result.ended,
    exit: result.exit,
    stderr: errors ?? stderr,
    whole,
    ran: words.size > 0,
  };
  const payload: PayloadSeen = {
    hash: words.get('hash'),
    command: words.get('command'),
    toTheEnd: words.has('ends'),
  };
  const [config, hash] = await Promise.all([copied(cli, reading, configuration), copied(cli, reading, '.config-hash')]);
  return {
    name: reading.container,
    outcome: new Observation(seen, { ...call.entry, seen: { ...call.entry.seen, whole, ran: seen.ran } }),
    payload: new Observation(payload, {
      ...call.entry,
      boundary: 'sandbox',
      kind: 'container-command',
      source: `${reading.container}: the command it was started for`,
      seen: Object.fromEntries(words),
    }),
    config,
    hash,
  };
}

/** A file of the state directory as the ended container left it; a link is no file. */
function copied(cli: HostCli, { container, directory, within }: Reading, name: string): Promise<Observation<FileSeen>> {
  const file = path.posix.join(stateDirectory, name);
  const copy = path.join(directory, `${container}${path.extname(name) || name}`);
  return copiedFile(cli, { container, file, copy, within, boundary: 'sandbox' });
}

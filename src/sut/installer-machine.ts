import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { redact } from '../secrets/redact';
import { type CommandResult, endedHow } from './command';
import { type HostCli, textOf } from './host-cli';

/** One request to the release host. */
export interface ReleaseRequest {
  readonly by: string;
  /** The tag requested; `newest` where the request names none. */
  readonly tag: string;
  /** The release that answered; null where the host has no such release or asset. */
  readonly release: string | null;
  readonly asset: string;
}

/** Exit status of confined.sh where it could not confine a command, and so did not start it. */
const NOT_CONFINED = 125;

/** How far a machine is closed off from this host. By default its programs have no network and see this host's own directories. */
export interface Confinement {
  readonly hostNetwork?: boolean;
  /** A directory as `confined.sh --places` expects it: the machine's replacements for directories of this host. */
  readonly places?: string;
}

const confine = inRepository('fixtures/openshell-installer/confined.sh');

/**
 * A machine as an installer sees it: its own programs, HOME and PATH, and the host's real tools. Programs on it can write only
 * below `machine/`, and have no network unless the confinement gives them this host's. `tools/` and `host/` lie beside that
 * directory and are read-only to them.
 */
export class InstallerMachine {
  constructor(
    readonly directory: string,
    private readonly cli: HostCli,
    private readonly confinement: Confinement = {},
  ) {}

  /** The machine's own part: the only one that programs can write to. */
  get own(): string {
    return path.join(this.directory, 'machine');
  }

  /** The directory of the installed programs, first on the machine's PATH. */
  get programs(): string {
    return path.join(this.own, 'bin');
  }

  get home(): string {
    return path.join(this.own, 'home');
  }

  /** Data of the staged commands and of the release host. */
  get host(): string {
    return path.join(this.directory, 'host');
  }

  /** Staged commands and links to the host's real tools, second on the machine's PATH. */
  get tools(): string {
    return path.join(this.directory, 'tools');
  }

  /** Where staged commands record their calls: the suite's own file. */
  get callsFile(): string {
    return path.join(this.own, 'calls.log');
  }

  /**
   * Runs a command on the machine.
   * @param within bound in ms
   * @param environment variables beside HOME, PATH and TMPDIR, and those that the machine's programs inherit anyway
   * @throws when this host does not let the command be confined; it was not started then.
   */
  async run(
    argv: readonly [string, ...string[]],
    within: number,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Observation<CommandResult>> {
    const searched = [this.programs, this.tools].join(path.delimiter);
    const { hostNetwork, places } = this.confinement;
    const options = [...(hostNetwork ? ['--host-network'] : []), ...(places ? ['--places', places] : [])];
    const observation = await this.cli.run(
      ['sh', confine, ...options, this.own, this.home, searched, ...argv],
      { within, env: { ...environment, HOME: this.home, TMPDIR: this.temporary } },
      argv.join(' '),
    );
    const result = observation.peek();
    if (result.exit === NOT_CONFINED || result.ended === 'not-started') {
      throw new Error(
        `\`${argv.join(' ')}\` was not started, because it could have written outside ${this.own}: ${textOf(result.stderr).trim() || endedHow(result)}. ` +
          'Run the suite as root, or where the kernel lets a user make user and mount namespaces (util-linux: unshare, mount, setpriv)',
      );
    }
    return observation;
  }

  /**
   * Runs a command line in a fresh login shell of the machine's owner.
   * @param within bound in ms
   */
  login(
    line: string,
    within: number,
    environment: Readonly<Record<string, string>> = {},
    ...args: readonly string[]
  ): Promise<Observation<CommandResult>> {
    return this.run([path.join(this.tools, 'bash'), '-l', '-c', line, 'bash', ...args], within, environment);
  }

  /** The directory of the machine's temporary files, TMPDIR. */
  get temporary(): string {
    return path.join(this.own, 'tmp');
  }

  /** Signs the operator in to the release host's own command line tool, which refuses to download before. */
  signIn(): void {
    writeFileSync(path.join(this.host, 'gh-signed-in'), '');
  }

  /** Forgets the calls recorded so far. */
  startRecording(): void {
    writeFileSync(this.callsFile, '');
  }

  /** Every call of a recording program so far: its name, then its arguments. */
  calls(): Observation<readonly (readonly string[])[]> {
    return this.#log().map((lines) => lines.filter(([name]) => name !== 'release-host'));
  }

  /** Every request to the release host so far. */
  requests(): Observation<readonly ReleaseRequest[]> {
    return this.#log().map((lines) =>
      lines.flatMap(([name, by, tag, release, asset]) => {
        if (name !== 'release-host') return [];
        if (by === undefined || tag === undefined || release === undefined || asset === undefined)
          throw new Error('the release host recorded an incomplete request');
        return [{ by, tag, release: release === 'none' ? null : release, asset }];
      }),
    );
  }

  #log(): Observation<string[][]> {
    const startedAt = new Date().toISOString();
    const text = existsSync(this.callsFile) ? readFileSync(this.callsFile, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    return new Observation(
      lines.map((line) => line.split('\t')),
      {
        boundary: 'host-cli',
        kind: 'file',
        source: `${this.callsFile} (written by the programs that were called)`,
        startedAt,
        finishedAt: new Date().toISOString(),
        // An argument may be a credential.
        seen: { calls: lines.length, text: redact(text.replaceAll('\t', ' ')) },
      },
    );
  }

  /**
   * Every file among the programs and in HOME, by its path from there, with its SHA-256 and its mode: `<64 digits> 755`.
   * @param within bound in ms
   */
  async files(within: number): Promise<Observation<ReadonlyMap<string, string>>> {
    return this.#sums([this.programs, this.home], within);
  }

  /**
   * Every file on the machine, as {@link files} lists it: also beside the programs and HOME. Left out are the directories that
   * programs make for their temporary files, and the record of calls.
   * @param within bound in ms
   */
  async allFiles(within: number): Promise<Observation<ReadonlyMap<string, string>>> {
    const ownDirectories = ['-path', `${this.temporary}/*`, '-type', 'd', '-prune'];
    return this.#sums([this.own, ...ownDirectories, '-o', '!', '-path', this.callsFile], within);
  }

  async #sums(start: readonly string[], within: number): Promise<Observation<ReadonlyMap<string, string>>> {
    const { own } = this;
    const [sums, modes] = [
      ['sha256sum', '{}', '+'],
      ['stat', '-L', '-c', '%a %n', '{}', '+'],
    ];
    const argv = ['find', ...start, '!', '-type', 'd', '-exec', ...sums, '-exec', ...modes] as const;
    const listed = await this.cli.must(this.cli.run([...argv], { within }));
    return listed.map(({ stdout }) => filesIn(stdout.toString('utf8'), own));
  }
}

/** What `sha256sum` and `stat` printed of the same files, as one map. */
function filesIn(text: string, root: string): ReadonlyMap<string, string> {
  const [sums, modes] = [/^\\?([0-9a-f]{64}) [ *](.*)$/gm, /^([0-7]{1,4}) (\/.*)$/gm].map(
    (form) => new Map([...text.matchAll(form)].map(([, value = '', file = '']) => [path.relative(root, file), value])),
  );
  const files = [...(sums ?? [])].map(([file, sum]) => [file, `${sum} ${modes?.get(file) ?? 'no mode'}`] as const);
  return new Map(files.sort());
}

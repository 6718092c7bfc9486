import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { type CommandResult, endedHow } from './command';
import { type HostCli, textOf } from './host-cli';

/** One question that the release host was asked. */
export interface ReleaseRequest {
  readonly by: string;
  /** The tag asked for; `newest` where none was named. */
  readonly tag: string;
  /** The release that answered; null where the host knows no such release or asset. */
  readonly release: string | null;
  readonly asset: string;
}

/** Exit status of confined.sh when it could not confine, and so did not start, a command. */
const NOT_CONFINED = 125;

/** How far a machine is closed off from this host; without more, its programs have no network and see this host's own places. */
export interface Confinement {
  readonly hostNetwork?: boolean;
  /** A directory as `confined.sh --places` wants it: what stands in for places of this host. */
  readonly places?: string;
}

const confine = inRepository('fixtures/openshell-installer/confined.sh');

/**
 * A machine that an installer sees: its own programs, HOME and PATH, and the host's real tools. What runs on it can write
 * nowhere but below `machine/`, and has no network unless its confinement gives it this host's. `tools/` and `host/` lie beside
 * that and are read-only to it.
 */
export class InstallerMachine {
  constructor(
    readonly directory: string,
    private readonly cli: HostCli,
    private readonly confinement: Confinement = {},
  ) {}

  /** The part that programs may write to. */
  get own(): string {
    return path.join(this.directory, 'machine');
  }

  /** Where the installed programs lie; first on the machine's PATH. */
  get programs(): string {
    return path.join(this.own, 'bin');
  }

  get home(): string {
    return path.join(this.own, 'home');
  }

  get host(): string {
    return path.join(this.directory, 'host');
  }

  get tools(): string {
    return path.join(this.directory, 'tools');
  }

  get #callsFile(): string {
    return path.join(this.own, 'calls.log');
  }

  /**
   * Runs a command on the machine.
   * @param within bound in ms
   * @param environment beside HOME, PATH and TMPDIR, and what the machine's programs inherit anyway
   * @throws when this host does not let it be confined: it was not started then.
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
      { within, env: { ...environment, HOME: this.home, TMPDIR: path.join(this.own, 'tmp') } },
      argv.join(' '),
    );
    const result = observation.peek();
    const said = textOf(result.stderr);
    if (result.exit === NOT_CONFINED || result.ended === 'not-started') {
      throw new Error(
        `\`${argv.join(' ')}\` was not started, because it could have written outside ${this.own}: ${said.trim() || endedHow(result)}. ` +
          'Run the suite as root, or where the kernel lets a user make user and mount namespaces (util-linux: unshare, mount, setpriv)',
      );
    }
    return observation;
  }

  /**
   * Runs a command line in a fresh login shell of the machine's owner, who has only just logged in.
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

  /** From now on the release host's own command line tool knows who the operator is; before, it refuses to download. */
  signIn(): void {
    writeFileSync(path.join(this.host, 'gh-signed-in'), '');
  }

  /** Forgets the calls recorded so far. */
  startRecording(): void {
    writeFileSync(this.#callsFile, '');
  }

  /** Every call of a recording program so far: its name, then its arguments. */
  calls(): Observation<readonly (readonly string[])[]> {
    return this.#log().map((lines) => lines.filter(([name]) => name !== 'release-host'));
  }

  /** What the release host was asked for so far. */
  requests(): Observation<readonly ReleaseRequest[]> {
    return this.#log().map((lines) =>
      lines.flatMap(([name, by, tag, release, asset]) => {
        if (name !== 'release-host') return [];
        if (by === undefined || tag === undefined || release === undefined || asset === undefined)
          throw new Error('the release host recorded a question that is not whole');
        return [{ by, tag, release: release === 'none' ? null : release, asset }];
      }),
    );
  }

  #log(): Observation<string[][]> {
    const startedAt = new Date().toISOString();
    const text = existsSync(this.#callsFile) ? readFileSync(this.#callsFile, 'utf8') : '';
    const lines = text.split('\n').filter((line) => line !== '');
    return new Observation(
      lines.map((line) => line.split('\t')),
      {
        boundary: 'host-cli',
        kind: 'file',
        source: `${this.#callsFile} (written by the programs that were called)`,
        startedAt,
        finishedAt: new Date().toISOString(),
        seen: { calls: lines.length, text: text.replaceAll('\t', ' ') },
      },
    );
  }

  /**
   * Every file among the programs and in HOME, by its path from there, with its SHA-256.
   * @param within bound in ms
   */
  async files(within: number): Promise<Observation<ReadonlyMap<string, string>>> {
    const { own } = this;
    const argv = ['find', this.programs, this.home, '!', '-type', 'd', '-exec', 'sha256sum', '{}', '+'] as const;
    const listed = await this.cli.must(this.cli.run([...argv], { within }));
    return listed.map(({ stdout }) => {
      const lines = stdout.toString('utf8').split('\n');
      const found = lines.filter((line) => line !== '').map((line) => [line.slice(66), line.slice(0, 64)] as const);
      return new Map(found.map(([file, sha256]) => [path.relative(own, file), sha256] as const).sort());
    });
  }
}

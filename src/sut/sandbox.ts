import { createHash } from 'node:crypto';
import { BoundaryError, Observation } from '../evidence/observation';
import { type AgentName, agentFacts } from './agents';
import type { CommandResult } from './command';
import { type ContainerSeen, containersLabelled } from './engine';
import { type HostCli, textOf } from './host-cli';
import type { ReleaseFacts } from './releases/release';
import { sutTime } from './sut-time';

/** A file inside a sandbox, or that there is none. */
export type FileSeen =
  | { readonly there: false }
  | { readonly there: true; readonly bytes: Buffer; readonly sha256: string };

/** The inside of one sandbox, reached by `openshell sandbox exec`; and its container, by the engine. */
export class Sandbox {
  constructor(
    private readonly cli: HostCli,
    readonly name: string,
    private readonly agent: AgentName,
    /** Bound of a command inside, in ms. */
    private readonly within: number,
    private readonly release: Pick<ReleaseFacts, 'agents' | 'containers'>,
  ) {}

  /** Runs a command inside. Its exit status is the command's. */
  exec(argv: readonly string[], input?: string | Buffer): Promise<Observation<CommandResult>> {
    return this.cli.openshell(['sandbox', 'exec', '--name', this.name, '--no-tty', '--', ...argv], {
      within: this.within,
      boundary: 'sandbox',
      ...(input === undefined ? {} : { input }),
    });
  }

  /** The bytes of a file inside. Exit status 7 of our own small script distinguishes an absent file from a sandbox out of reach. */
  async read(path: string): Promise<Observation<FileSeen>> {
    const call = await this.exec(['sh', '-c', '[ -f "$1" ] || exit 7; exec cat "$1"', 'read', path]);
    const result = call.peek();
    if (result.exit !== 0 && result.exit !== 7) {
      throw new BoundaryError(
        `${this.name}:${path} could not be read: ${textOf(result.stderr).trim() || result.ended}`,
        call.entry,
      );
    }
    const seen: FileSeen =
      result.exit === 7
        ? { there: false }
        : { there: true, bytes: result.stdout, sha256: createHash('sha256').update(result.stdout).digest('hex') };
    return new Observation(seen, {
      ...call.entry,
      kind: 'container-file',
      source: `${this.name}:${path}`,
      seen: seen.there ? { there: true, bytes: seen.bytes.length, sha256: seen.sha256 } : { there: false },
    });
  }

  /** SHA-256 of files inside, by path, in one look; a file that is not there, or cannot be read, has none. */
  async digests(paths: readonly string[]): Promise<Observation<Readonly<Record<string, string>>>> {
    const call = await this.exec(['sh', '-c', 'sha256sum -z -- "$@" 2>/dev/null; exit 0', 'digests', ...paths]);
    const result = call.peek();
    if (result.exit !== 0) {
      throw new BoundaryError(`${this.name}: ${textOf(result.stderr).trim() || result.ended}`, call.entry);
    }
    const lines = result.stdout.toString('utf8').split('\0').filter(Boolean);
    return new Observation(Object.fromEntries(lines.map((line) => [line.slice(66), line.slice(0, 64)])), {
      ...call.entry,
      kind: 'container-file',
      source: `${this.name}:${paths.join(', ')}`,
      seen: { files: lines.length, of: paths.length },
    });
  }

  /** Writes a file inside, with its directories, as the sandbox's own user; the content goes through standard input. */
  async write(path: string, content: string | Buffer): Promise<void> {
    await this.cli.must(this.exec(['sh', '-c', 'mkdir -p "$(dirname "$1")" && cat > "$1"', 'write', path], content));
  }

  /** Where one of `secrets` stands inside: files of the sandbox's user, and environments of its processes. The secrets go in by standard input alone. */
  async placesWith(secrets: readonly string[]): Promise<Observation<readonly string[]>> {
    const script = 'grep -rlsaF -f /dev/stdin /sandbox /tmp /proc/[0-9]*/environ; exit 0';
    const call = await this.cli.must(this.exec(['sh', '-c', script], `${secrets.join('\n')}\n`));
    return call.map(({ stdout }) => textOf(stdout).split('\n').filter(Boolean));
  }

  /** Names of the credentials attached to the sandbox: the variables of its environment whose value is a placeholder of the gateway's. */
  async attachedCredentials(): Promise<Observation<readonly string[]>> {
    const call = await this.cli.must(this.exec(['env']));
    return call.map(({ stdout }) =>
      [...textOf(stdout).matchAll(/^(\w+)=openshell:resolve:env:/gm)].map(([, name = '']) => name).sort(),
    );
  }

  /** The version that the agent itself reports inside, in the scheme in which this release counts it. */
  async agentVersion(): Promise<Observation<string>> {
    const { program, displayName } = agentFacts[this.agent];
    const { scheme, version: pattern } = this.release.agents[this.agent];
    const call = await this.cli.must(this.exec([program, '--version']));
    return call.map(({ stdout }) => {
      const version = pattern.exec(textOf(stdout))?.[1];
      if (!version) throw new Error(`no ${scheme} version of ${displayName} in its answer`);
      return version;
    });
  }

  /** The sandbox's container, found by its label, or null when there is none. */
  async container(): Promise<Observation<ContainerSeen | null>> {
    const startedAt = new Date().toISOString();
    const { label, prefix } = this.release.containers;
    const labelled = await sutTime.of(() => containersLabelled(label, this.name));
    // A container that somebody starts from the sandbox's image inherits the label, and has another name.
    const found = labelled.find(({ name }) => name.startsWith(prefix.replace('{name}', this.name))) ?? labelled[0];
    return new Observation(found ?? null, {
      boundary: 'sandbox',
      kind: 'container',
      source: `container ${found?.name ?? `with the label ${label}=${this.name}`}`,
      startedAt,
      finishedAt: new Date().toISOString(),
      seen: found ? { id: found.id, image: found.imageId, state: found.state } : { there: false },
    });
  }
}

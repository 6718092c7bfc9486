import { createHash } from 'node:crypto';
import { BoundaryError, Observation } from '../evidence/observation';
import { type AgentName, agentFacts } from './agents';
import type { CommandResult } from './command';
import { type ContainerSeen, containersNamed } from './engine';
import { type HostCli, textOf } from './host-cli';
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

  /** Writes a file inside, with its directories, as the sandbox's own user; the content goes through standard input. */
  async write(path: string, content: string | Buffer): Promise<void> {
    await this.cli.must(this.exec(['sh', '-c', 'mkdir -p "$(dirname "$1")" && cat > "$1"', 'write', path], content));
  }

  /** The calendar version that the agent itself reports inside. */
  async agentVersion(): Promise<Observation<string>> {
    const program = this.agent === 'openclaw' ? 'openclaw' : 'hermes';
    const call = await this.cli.must(this.exec([program, '--version']));
    return call.map(({ stdout }) => {
      const version = agentFacts[this.agent].version.exec(textOf(stdout))?.[1];
      if (!version) throw new Error(`no version of ${agentFacts[this.agent].displayName} in its answer`);
      return version;
    });
  }

  /** The sandbox's container (`openshell-<name>-<uuid>`), or null when there is none. */
  async container(): Promise<Observation<ContainerSeen | null>> {
    const startedAt = new Date().toISOString();
    const prefix = `openshell-${this.name}-`;
    const [found] = await sutTime.of(() => containersNamed(prefix));
    return new Observation(found ?? null, {
      boundary: 'sandbox',
      kind: 'container',
      source: `container ${found?.name ?? `${prefix}…`}`,
      startedAt,
      finishedAt: new Date().toISOString(),
      seen: found ? { id: found.id, image: found.imageId, state: found.state } : { there: false },
    });
  }
}

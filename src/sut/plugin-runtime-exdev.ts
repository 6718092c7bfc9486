import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Observation } from '../evidence/observation';
import { inRepository } from '../repository';
import { sha256 } from '../sha256';
import type { Boundary } from '../spec/boundary';
import { agentFacts } from './agents';
import type { CommandResult } from './command';
import { type HostCli, OPENSHELL_STDIN_LIMIT, textOf } from './host-cli';

const scripts = inRepository('fixtures/plugin-runtime-exdev');
const script = (name: string) => readFileSync(path.join(scripts, name));

/** The content of a directory: path → kind and digest; null where there is no such directory. */
export type Tree = Readonly<Record<string, string>> | null;
const treeSchema = z.record(z.string(), z.string()).nullable();

/** Devices (st_dev) of a rename's source and target, and how the rename ended: `renamed`, or the error's code. */
const renameSchema = z.object({ source: z.number(), target: z.number(), ended: z.string() });
export type RenameSeen = z.output<typeof renameSchema>;

/** An installation that was to be killed halfway. */
export interface KilledInstallation {
  /** `killed`, or in words how it ended by itself. */
  readonly ended: string;
  /** Number of files that had landed among the plugins. */
  readonly landed: number;
}

/** Where an agent's plugins are: in a sandbox of OpenShell's, or in a container of its image without one. */
export type Place =
  | { readonly kind: 'sandbox'; readonly name: string }
  | { readonly kind: 'container'; readonly name: string; readonly user: string };

/** When an installation is killed: as that many files have landed, or as soon as a file is not what it was. */
export type KillAt = `files:${number}` | `changed:${string}`;

/**
 * OpenClaw's plugins in one sandbox, and the agent's own command that installs them.
 */
export class PluginRuntime {
  /** The agent's state directory. */
  readonly state = agentFacts.openclaw.stateDirectory;
  /** The directory of the installed plugins, each in a directory of its own. */
  readonly extensions = `${this.state}/extensions`;

  constructor(
    private readonly cli: HostCli,
    private readonly place: Place,
    /** The agent's directory for temporary files. */
    readonly temporary: string,
    /** Bound of a command inside, in ms. */
    private readonly within: number,
  ) {}

  /** Runs a command where the plugins are, as the sandbox's user. */
  exec(argv: readonly string[], boundary: Boundary, input?: Buffer): Promise<Observation<CommandResult>> {
    const options = { within: this.within, boundary, ...(input === undefined ? {} : { input }) };
    if (this.place.kind === 'sandbox')
      return this.cli.openshell(['sandbox', 'exec', '--name', this.place.name, '--no-tty', '--', ...argv], options);
    const { name, user } = this.place;
    const home = `HOME=${path.posix.dirname(this.state)}`;
    return this.cli.run(['docker', 'exec', '--interactive', '--user', user, '--env', home, name, ...argv], options);
  }

  private installation(directory: string, temporary = this.temporary): string[] {
    const { program } = agentFacts.openclaw;
    return ['env', `TMPDIR=${temporary}`, program, 'plugins', 'install', directory, '--force'];
  }

  /**
   * Unpacks a compressed tar archive below `directory`. Makes that directory, and the one for temporary files. The archive goes in
   * pieces that OpenShell takes.
   */
  async unpack(archive: Buffer, directory: string): Promise<void> {
    const run = (command: string, input?: Buffer) =>
      this.cli.must(this.exec(['sh', '-c', command, 'sh', directory, this.temporary], 'sandbox', input));
    await run('mkdir -p "$1" "$2" && : >"$1/.archive"');
    for (let from = 0; from < archive.length; from += OPENSHELL_STDIN_LIMIT)
      await run('cat >>"$1/.archive"', archive.subarray(from, from + OPENSHELL_STDIN_LIMIT));
    await run('tar -xz -C "$1" -f "$1/.archive" && rm "$1/.archive"');
  }

  /** Has the agent install the plugin in `directory`, in place of an installed one of the same ID. */
  install(directory: string, temporary?: string): Promise<Observation<CommandResult>> {
    return this.exec(this.installation(directory, temporary), 'agent-runtime');
  }

  /** The agent's own list of its plugins, as JSON. */
  list(): Promise<Observation<CommandResult>> {
    return this.exec([agentFacts.openclaw.program, 'plugins', 'list', '--json'], 'agent-runtime');
  }

  /** Starts the same, and kills it with all its processes, if not told otherwise as soon as its first file has landed. */
  async installAndKill(directory: string, when: KillAt = 'files:1'): Promise<Observation<KilledInstallation>> {
    const argv = ['sh', '-s', this.extensions, when, ...this.installation(directory)];
    const call = await this.exec(argv, 'agent-runtime', script('kill-half-way.sh'));
    return call.map(({ stdout }) => {
      const [, ended, landed] = /^(killed|ended by itself.*), +(\d+) files landed$/m.exec(textOf(stdout)) ?? [];
      if (ended === undefined) throw new Error(`no report of how the installation ended: ${textOf(stdout)}`);
      return { ended, landed: Number(landed) };
    });
  }

  /** The content of one directory inside. */
  async tree(directory: string): Promise<Observation<Tree>> {
    const call = await this.cli.must(this.exec(['node', '-', directory], 'sandbox', script('tree.cjs')));
    const tree = call.map(({ stdout }) => treeSchema.parse(JSON.parse(textOf(stdout)))).peek();
    const entries = tree === null ? [] : Object.entries(tree);
    return new Observation<Tree>(tree, {
      ...call.entry,
      kind: 'container-file',
      source: `${this.place.name}:${directory}`,
      seen: {
        there: tree !== null,
        entries: entries.length,
        sha256: sha256(JSON.stringify(entries)),
      },
    });
  }

  /** Tries a plain rename of a directory, and undoes one that succeeds. */
  async rename(from: string, to: string): Promise<Observation<RenameSeen>> {
    const call = await this.cli.must(this.exec(['node', '-', from, to], 'sandbox', script('rename.cjs')));
    return call.map(({ stdout }) => renameSchema.parse(JSON.parse(textOf(stdout))));
  }
}

import path from 'node:path';
import { z } from 'zod';
import { BoundaryError, type Observation } from '../evidence/observation';
import type { Boundary } from '../spec/boundary';
import { agentFacts } from './agents';
import type { CommandResult } from './command';
import { copiedFile } from './container-file';
import { containerLife } from './container-life';
import { type GatewayProcess, gatewayProcessesIn } from './hermes-root-entrypoint-processes';
import { type HostCli, tail, textOf } from './host-cli';
import type { FileSeen } from './sandbox';

/** What `stat` reports about a path inside; links are not followed. */
export interface PathSeen {
  readonly type: string;
  /** Octal, special bits included. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** Hermes' answer to a request for its health. */
export interface Health {
  /** HTTP status; null where Hermes does not answer. */
  readonly status: number | null;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

/** Where Hermes keeps its state, and the logs that its start script writes (contract, “Entry points”). */
export const hermesPlaces = {
  home: agentFacts.hermes.stateDirectory,
  configuration: path.posix.join(agentFacts.hermes.stateDirectory, agentFacts.hermes.configuration),
  /** The PID file of older layouts; releases differ in where it lies now. */
  legacyPidFile: path.posix.join(agentFacts.hermes.stateDirectory, 'gateway.pid'),
  startLog: '/tmp/nemoclaw-start.log',
  gatewayLog: '/tmp/gateway.log',
  health: 'http://127.0.0.1:8642/health',
} as const;

const asJson = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue('no JSON');
    return z.NEVER;
  }
});

/** A container of the Hermes sandbox image that runs its own entry point as root, without OpenShell around it. */
export class HermesContainer {
  #copies = 0;

  constructor(
    private readonly cli: HostCli,
    readonly name: string,
    /** Directory for copies of its files. */
    private readonly copies: string,
    /** Bound of a command inside, in ms. */
    private readonly within: number,
  ) {}

  /**
   * Runs a command inside as `user`; the exit status is the command's.
   * @param what the command in words, for messages
   */
  exec(
    user: string,
    argv: readonly string[],
    boundary: Boundary,
    what: string = argv.join(' '),
  ): Promise<Observation<CommandResult>> {
    return this.cli.run(
      ['docker', 'exec', '--user', user, this.name, ...argv],
      { within: this.within, boundary },
      `${this.name}, as ${user}: ${what}`,
      'container-command',
    );
  }

  /** Whether it runs. */
  async runs(): Promise<Observation<boolean>> {
    return (await containerLife(this.name, 'agent-runtime')).map((life) => life?.running === true);
  }

  /** GET /health, asked inside. */
  async health(): Promise<Observation<Health>> {
    const argv = ['curl', '-sS', '--max-time', '5', '-w', '\n%{http_code}', hermesPlaces.health];
    const call = await this.exec('root', argv, 'agent-runtime');
    return call.map(({ exit, stdout }) => {
      const [, body = '', code = ''] = /^([\s\S]*)\n(\d{3})$/.exec(textOf(stdout)) ?? [];
      const parsed = asJson.safeParse(body);
      return { status: exit === 0 ? Number(code) : null, body: parsed.success ? parsed.data : body };
    });
  }

  /** Every process that is Hermes' gateway, one of `programs`, with the users that the kernel runs it as. */
  async gatewayProcesses(programs: readonly string[]): Promise<Observation<readonly GatewayProcess[]>> {
    const script = [
      'getent passwd | cut -d: -f1,3; echo; cd /proc',
      'for p in [0-9]*; do [ -r "$p/cmdline" ] || continue',
      // Unquoted, so that its tabs and lines become single spaces.
      'echo "$p" $(sed -n "s/^Uid://p; s/^Gid://p; s/^Groups://p; s/^CapPrm://p" "$p/status") "$(tr "\\0\\n" "\\037 " <"$p/cmdline")"',
      'done 2>/dev/null',
    ].join('\n');
    const call = await this.#must(
      this.exec(
        'root',
        ['sh', '-c', script],
        'agent-runtime',
        'users, groups, capabilities and arguments of each process',
      ),
    );
    return call.map(({ stdout }) => gatewayProcessesIn(textOf(stdout), programs));
  }

  /**
   * Type, mode and owner of `file`; null where nothing is. Our script exits with 7 for that, so that a failed look
   * differs from it.
   */
  async look(file: string): Promise<Observation<PathSeen | null>> {
    const script = '[ -e "$1" ] || [ -L "$1" ] || exit 7; exec stat -c "%F|%a|%U|%G" -- "$1"';
    const call = await this.exec('root', ['sh', '-c', script, 'look', file], 'sandbox', `stat ${file}`);
    if (call.peek().exit !== 7) await this.#must(Promise.resolve(call));
    return call.map(({ exit, stdout }) => {
      if (exit === 7) return null;
      const [type = '', mode = '', owner = '', group = ''] = textOf(stdout).trim().split('|');
      return { type, mode, owner, group };
    });
  }

  /** Makes a file in a directory as `user` and removes it again; exit status 0 where both succeed. */
  tryToWrite(user: string, directory: string): Promise<Observation<CommandResult>> {
    const script = 'file=$(mktemp "$1/.phase9-XXXXXX") && rm -- "$file"';
    return this.exec(
      user,
      ['sh', '-c', script, 'write', directory],
      'sandbox',
      `make and remove a file in ${directory}`,
    );
  }

  /** The bytes of a file, even of a container that has ended; a link counts as no file. */
  read(file: string, boundary: Boundary): Promise<Observation<FileSeen>> {
    this.#copies += 1;
    const copy = path.join(this.copies, `${this.#copies}-${path.basename(file)}`);
    return copiedFile(this.cli, { container: this.name, file, copy, within: this.within, boundary });
  }

  async #must(call: Promise<Observation<CommandResult>>): Promise<Observation<CommandResult>> {
    const observation = await call;
    const result = observation.peek();
    if (result.exit === 0) return observation;
    throw new BoundaryError(`${observation.entry.source}: ${tail(result) || result.ended}`, observation.entry);
  }
}

import { Observation } from '../evidence/observation';
import { type AgentName, agentFacts } from './agents';
import { type HostCli, textOf } from './host-cli';
import { until } from './until';

/** An agent's process in a sandbox, and the file with a counter that grows as long as that process lives. */
export interface Heartbeat {
  readonly pid: number;
  readonly counter: string;
}

/** One reading of a heartbeat. */
export interface Pulse {
  readonly alive: boolean;
  readonly count: number;
  readonly command: string;
}

/** The agent as it runs, or could run, inside one sandbox. */
export class AgentRuntime {
  constructor(
    private readonly cli: HostCli,
    private readonly sandbox: string,
    private readonly agent: AgentName,
    /** Bound of a command inside, in ms. */
    private readonly within: number,
  ) {}

  /** The name of the agent's program, which the command line of its process contains. */
  get program(): string {
    return agentFacts[this.agent].program;
  }

  private run(argv: readonly string[]) {
    return this.cli.openshell(['sandbox', 'exec', '--name', this.sandbox, '--no-tty', '--', ...argv], {
      within: this.within,
      boundary: 'agent-runtime',
    });
  }

  /** The pids of the processes whose command line is the agent's. */
  async processes(): Promise<Observation<readonly number[]>> {
    const script =
      'cd /proc && for p in [0-9]*; do [ "$p" = $$ ] && continue; tr "\\0" " " <"$p/cmdline" 2>/dev/null | grep -q "$1" && echo "$p"; done; exit 0';
    const call = await this.cli.must(this.run(['sh', '-c', script, 'sh', this.pattern]));
    return call.map(({ stdout }) => textOf(stdout).split('\n').filter(Boolean).map(Number));
  }

  /** A pattern that matches the agent's command line, and not that of the search itself. */
  private get pattern(): string {
    return `[${this.program.charAt(0)}]${this.program.slice(1)}`;
  }

  /** Starts a counter that grows every 0.2 s as long as the process lives. */
  async startHeartbeat(pid: number): Promise<Heartbeat> {
    const counter = '/tmp/phase9-heartbeat';
    const beat = 'n=0; while [ -d "/proc/$1" ]; do n=$((n + 1)); echo "$n" >"$2"; sleep 0.2; done';
    const script = 'setsid sh -c "$1" beat "$2" "$3" </dev/null >/dev/null 2>&1 &';
    await this.cli.must(this.run(['sh', '-c', script, 'sh', beat, String(pid), counter]));
    return { pid, counter };
  }

  async pulse({ pid, counter }: Heartbeat): Promise<Observation<Pulse>> {
    const script =
      '[ -d "/proc/$1" ] && echo alive || echo gone; cat "$2" 2>/dev/null || echo 0; tr "\\0" " " <"/proc/$1/cmdline"';
    const call = await this.run(['sh', '-c', script, 'sh', String(pid), counter]);
    return call.map(({ stdout }) => {
      const [state = '', count = '', ...command] = textOf(stdout).split('\n');
      return { alive: state === 'alive', count: Number(count), command: command.join(' ').trim() };
    });
  }

  /** The first reading whose counter exceeds `count`, or the last one within ten seconds. */
  async laterPulse(heartbeat: Heartbeat, count: number): Promise<Observation<Pulse>> {
    let last = await this.pulse(heartbeat);
    const grown = async () => {
      last = await this.pulse(heartbeat);
      return last.peek().count > count;
    };
    await until('the heartbeat to grow', grown, { within: 10_000, every: 100, orElse: 'give-up' });
    return last;
  }

  /** Path of the agent's program, as PATH inside finds it; null where it does not. */
  async location(): Promise<Observation<string | null>> {
    const call = await this.run(['sh', '-c', 'command -v "$1"', 'sh', this.program]);
    return call.map(({ exit, stdout }) => (exit === 0 ? textOf(stdout).trim() : null));
  }

  /** The text of the agent's configuration; empty where there is none. */
  async configuration(): Promise<Observation<string>> {
    const { stateDirectory, configuration } = agentFacts[this.agent];
    const call = await this.run(['sh', '-c', 'cat "$1" 2>/dev/null', 'sh', `${stateDirectory}/${configuration}`]);
    // The text may be long: the trace contains only its size.
    return new Observation(textOf(call.peek().stdout), {
      ...call.entry,
      seen: { exit: call.peek().exit, bytes: call.peek().stdout.length },
    });
  }

  /** The output of the agent's own version command. */
  async versionText(): Promise<Observation<string>> {
    const call = await this.cli.must(this.run([this.program, '--version']));
    return call.map(({ stdout }) => textOf(stdout).trim());
  }
}

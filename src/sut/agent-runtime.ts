import { parse } from 'yaml';
import { Observation } from '../evidence/observation';
import { jsonOf } from '../json';
import { type AgentProcess, agentProcessesIn, PROCESS_LISTING } from './agent-processes';
import { type AgentName, agentFacts } from './agents';
import type { CommandResult } from './command';
import { type HostCli, textOf } from './host-cli';
import type { AgentAtWork } from './releases/agents-at-work';
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

/** An answer over HTTP. */
export interface HealthAnswer {
  /** HTTP status; null where nobody answers. */
  readonly status: number | null;
  /** Parsed, where it is JSON. */
  readonly body: unknown;
}

/** The agent as it runs, or could run, inside one sandbox. */
export class AgentRuntime {
  constructor(
    private readonly cli: HostCli,
    private readonly sandbox: string,
    private readonly agent: AgentName,
    /** Bound of a command inside, in ms. */
    private readonly within: number,
    private readonly atWork: AgentAtWork,
  ) {}

  /** The name of the agent's program, which the command line of its process contains. */
  get program(): string {
    return agentFacts[this.agent].program;
  }

  private run(argv: readonly string[], within = this.within) {
    return this.cli.openshell(['sandbox', 'exec', '--name', this.sandbox, '--no-tty', '--', ...argv], {
      within,
      boundary: 'agent-runtime',
    });
  }

  /** The processes that are the agent itself, as soon as there is one within the bound in ms, or as the last look shows. */
  runsWithin(within: number): Promise<Observation<readonly AgentProcess[]>> {
    return firstOrLast(
      `a process of the agent in ${this.sandbox}`,
      within,
      () => this.ownProcesses(),
      ({ length }) => length > 0,
    );
  }

  /** The agent's health, as soon as it answers within the bound in ms, or as the last look shows. */
  answersWithin(within: number): Promise<Observation<HealthAnswer>> {
    return firstOrLast(
      `the health of the agent in ${this.sandbox}`,
      within,
      () => this.health(),
      ({ status }) => status === 200,
    );
  }

  /** The processes that are the agent itself and live. */
  async ownProcesses(): Promise<Observation<readonly AgentProcess[]>> {
    const call = await this.cli.must(this.run(['sh', '-c', PROCESS_LISTING]));
    return call
      .map(({ stdout }) => agentProcessesIn(textOf(stdout), this.atWork.programs))
      .telling((found) => ({
        processes: found.map(({ pid, user, command }) => `${pid} ${user}: ${command}`).join('; '),
      }));
  }

  /** What the agent answers for its health, asked inside. */
  async health(): Promise<Observation<HealthAnswer>> {
    // curl itself makes a line break of it: OpenShell takes no argument that has one.
    const call = await this.run(['curl', '-sS', '--max-time', '5', '-w', '\\n%{http_code}', this.atWork.health.url]);
    return call.map(({ exit, stdout }) => {
      const [, body = '', code = ''] = /^([\s\S]*)\n(\d{3})$/.exec(textOf(stdout)) ?? [];
      return { status: exit === 0 ? Number(code) : null, body: jsonOf(body) ?? body };
    });
  }

  /** The agent's own check of its configuration. */
  checkConfiguration(): Promise<Observation<CommandResult>> {
    return this.run(this.atWork.configurationCheck.command);
  }

  /** One turn by the agent's own command line. @param within bound in ms */
  turn(prompt: string, within: number): Promise<Observation<CommandResult>> {
    return this.run(
      this.atWork.turn.map((one) => one.replace('{prompt}', () => prompt)),
      within,
    );
  }

  /**
   * The pid of the agent's first process; null where none lives. Later ones may be commands that end by themselves: those that the sandbox itself runs now and
   * then, and those that a rebuild gave up waiting for.
   */
  async firstProcess(): Promise<Observation<number | null>> {
    const processes = await this.ownProcesses();
    return processes.map((all) => (all.length === 0 ? null : Math.min(...all.map(({ pid }) => pid))));
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

  /** The model that the agent's configuration names, as the route calls it; null where it names none. */
  async configuredModel(): Promise<Observation<string | null>> {
    const text = await this.configuration();
    // JSON is YAML.
    return text.map((one) => modelIn(parse(one), agentFacts[this.agent].modelAt));
  }

  /** The output of the agent's own version command. */
  async versionText(): Promise<Observation<string>> {
    const call = await this.cli.must(this.run([this.program, '--version']));
    return call.map(({ stdout }) => textOf(stdout).trim());
  }
}

/** The first reading whose value satisfies, or the last one within the bound in ms. */
async function firstOrLast<T>(
  what: string,
  within: number,
  look: () => Promise<Observation<T>>,
  satisfies: (value: T) => boolean,
): Promise<Observation<T>> {
  let last = await look();
  const satisfied = async () => {
    if (!satisfies(last.peek())) last = await look();
    return satisfies(last.peek());
  };
  await until(what, satisfied, { within, every: 250, orElse: 'give-up' });
  return last;
}

/** The value that keys lead to, without the name of the route before it (`inference/`). */
function modelIn(configuration: unknown, keys: readonly string[]): string | null {
  const found = keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    configuration,
  );
  return typeof found === 'string' ? found.replace(/^inference\//, '') : null;
}

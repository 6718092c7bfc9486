import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { runPlanSchema } from '../../src/evidence/run-plan';
import { inRepository } from '../../src/repository';
import { containersNamed, engine } from '../../src/sut/engine';
import { processesWith } from '../../src/sut/process-group';
import { until } from '../../src/sut/until';

const PHASE9 = inRepository('bin/phase9');
const minute = 60_000;
/** Cucumber keeps its compiled code among the temporary files, for all runs. */
const CUCUMBERS_CACHE = 'v8-compile-cache';

/** The environment of a run that keeps its journals, work and reports below `home`. */
function environment(home: string): NodeJS.ProcessEnv {
  const { PHASE9_RUN, ...rest } = process.env;
  const temporary = path.join(home, 'tmp');
  mkdirSync(temporary, { recursive: true });
  const directories = { PHASE9_STATE_DIR: path.join(home, 'state'), PHASE9_REPORTS_DIR: path.join(home, 'reports') };
  return { ...rest, ...directories, TMPDIR: temporary };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // the process ended meanwhile
  }
}

/** Processes of this machine whose environment and arguments `holds` likes. */
export function processesThat(holds: (environment: readonly string[], argv: readonly string[]) => boolean): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!Number.isInteger(pid) || pid === process.pid) return false;
      return holds(textOf(`/proc/${pid}/environ`).split('\0'), textOf(`/proc/${pid}/cmdline`).split('\0'));
    });
}

/** `phase9 run` of some scenarios, as a process group of its own. */
export class StartedRun {
  readonly #child: ChildProcess;
  #output = '';

  constructor(
    readonly home: string,
    scenarios: readonly string[],
    ...options: readonly string[]
  ) {
    const names = scenarios.flatMap((name) => ['--name', `^${name}$`]);
    this.#child = spawn(process.execPath, [PHASE9, 'run', ...names, ...options], {
      env: environment(home),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
  }

  get output(): string {
    return this.#output;
  }

  get ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('phase9 could not be started');
    return this.#child.pid;
  }

  /** Its name, as its processes have it in their environment. */
  async name(): Promise<string> {
    const found = await until(
      'the run to have a coordinator',
      async () => {
        const [coordinator] = this.processes((argv) => argv.some((one) => one.endsWith('cucumber.js')));
        const named = textOf(`/proc/${coordinator ?? 0}/environ`).split('\0');
        return named.find((one) => one.startsWith('PHASE9_RUN='))?.slice('PHASE9_RUN='.length);
      },
      { within: minute },
    );
    return found ?? '';
  }

  /** Its own processes: those below its first one. */
  processes(like: (argv: readonly string[]) => boolean): number[] {
    const below = (pid: number): boolean => {
      for (let at = pid; at > 1; ) {
        if (at === this.pid) return true;
        at = Number(/^PPid:\s+(\d+)/m.exec(textOf(`/proc/${at}/status`))?.[1] ?? 0);
      }
      return false;
    };
    return processesThat((_environment, argv) => like(argv)).filter((pid) => below(pid));
  }

  /** The process that runs the features, or hands them out. */
  coordinator(): number {
    const [pid] = this.processes((argv) => argv.some((one) => one.endsWith('cucumber.js')));
    if (pid === undefined) throw new Error(`no coordinator of this run:\n${this.#output}`);
    return pid;
  }

  /** Cucumber's worker of the scenario with `token`. */
  worker(token: string): number {
    const id = token.split('-').at(-1)?.[0];
    const found = this.processes((argv) => argv.some((one) => one.endsWith('run_worker.js'))).find((pid) =>
      textOf(`/proc/${pid}/environ`).split('\0').includes(`CUCUMBER_WORKER_ID=${id}`),
    );
    if (found === undefined) throw new Error(`no worker ${id} of this run:\n${this.#output}`);
    return found;
  }

  /** Tokens of the scenarios that it has begun. */
  tokens(): string[] {
    const work = path.join(this.home, 'state', 'work');
    return existsSync(work) ? readdirSync(work) : [];
  }

  /**
   * Waits until the SUT is in the middle of a rebuild: its own process runs, and the old container is deleted.
   * @returns the token of the scenario
   */
  async midRebuild(): Promise<string> {
    const found = await until(
      'a rebuild that has deleted its old container',
      async () => {
        if (this.ended) throw new Error(`the run ended before its rebuild:\n${this.#output}`);
        for (const token of this.tokens()) {
          const rebuilding = () =>
            processesThat(
              (env, argv) =>
                env.includes(`PHASE9_SCENARIO=${token}`) && argv.includes('rebuild') && argv.includes('--yes'),
            ).length > 0;
          if (!rebuilding()) continue;
          const containers = await containersNamed(`openshell-${token}-`);
          if (containers.length === 0 && rebuilding()) return token;
        }
        return undefined;
      },
      { within: 3 * minute, every: 20 },
    );
    return found ?? '';
  }

  /** Signals the first process alone, or its whole group as a terminal does. */
  signal(whom: 'phase9' | 'group', signal: NodeJS.Signals): void {
    process.kill(whom === 'phase9' ? this.pid : -this.pid, signal);
  }

  /** Closes what reads its output, as `head` does. */
  stopReading(): void {
    this.#child.stdout?.destroy();
  }

  /** Its exit status, once the whole run is over. */
  async exit(): Promise<number | null> {
    if (!this.ended) await once(this.#child, 'close');
    return this.#child.exitCode;
  }

  /** Ends whatever of it still runs. */
  async stop(): Promise<void> {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // over already
    }
    await this.exit();
  }
}

/** `phase9 …`, awaited, with the directories of the runs below `home`. */
export async function phase9(
  home: string,
  ...args: readonly string[]
): Promise<{ readonly exit: number | undefined; readonly stdout: string; readonly stderr: string }> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [PHASE9, ...args], {
    env: environment(home),
    extendEnv: false,
    reject: false,
  });
  return { exit: exitCode, stdout, stderr };
}

/** Everything on this machine that a scenario's token still names. */
export async function leftOf(home: string, token: string): Promise<string[]> {
  const [containers, networks, images, { Volumes }] = await Promise.all([
    engine().listContainers({ all: true }),
    engine().listNetworks(),
    engine().listImages(),
    engine().listVolumes(),
  ]);
  const names = (text: string | undefined) => text?.includes(token) ?? false;
  const labels = (of: Record<string, string> | null | undefined) => Object.values(of ?? {}).some(names);
  return [
    ...containers
      .filter(({ Names, Labels }) => Names.some(names) || labels(Labels))
      .map(({ Names }) => `container ${Names}`),
    ...networks.filter(({ Name, Labels }) => names(Name) || labels(Labels)).map(({ Name }) => `network ${Name}`),
    ...images
      .filter(({ RepoTags, Labels }) => RepoTags?.some(names) || labels(Labels))
      .map(({ RepoTags, Id }) => `image ${RepoTags ?? Id}`),
    ...(Volumes ?? []).filter(({ Name, Labels }) => names(Name) || labels(Labels)).map(({ Name }) => `volume ${Name}`),
    ...processesWith(`PHASE9_SCENARIO=${token}`).map((pid) => `process ${pid}`),
    ...processesThat((_environment, argv) => argv.some(names)).map((pid) => `process ${pid} (by its arguments)`),
    ...readdirSync(path.join(home, 'tmp'))
      .filter((name) => !name.startsWith(CUCUMBERS_CACHE))
      .map((name) => `temporary ${name}`),
    ...(existsSync(path.join(home, 'state', 'work', token)) ? [`directory work/${token}`] : []),
  ];
}

/** Ends what of those runs still runs, puts back what they left, and removes the directory that they lie in. */
export async function clearAway(directory: string, runs: readonly StartedRun[]): Promise<void> {
  for (const run of runs) {
    await run.stop();
    await phase9(run.home, 'restore');
  }
  // With the directory the journals would go: only what is wholly restored is removed.
  if (runs.every(({ home }) => journalsOf(home).length === 0)) rmSync(directory, { recursive: true });
}

/** Journals that lie below `home`. */
export function journalsOf(home: string): string[] {
  const directory = path.join(home, 'state', 'journals');
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** The verdict of every assertion that the plan of a run names, in its order; `none` where there is no record. */
export function verdictsOf(home: string, run: string): Map<string, string> {
  const directory = path.join(home, 'reports', run);
  const plan = runPlanSchema.parse(JSON.parse(readFileSync(path.join(directory, 'run.json'), 'utf8')));
  const verdicts = new Map<string, string>();
  for (const { assertions } of plan.scenarios) {
    for (const { id, variant } of assertions) {
      const file = path.join(directory, 'evidence', 'AQ-050', `${id}${variant === null ? '' : `--${variant}`}.json`);
      verdicts.set(id, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).verdict : 'none');
    }
  }
  return verdicts;
}

import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type IWorldOptions, World } from '@cucumber/cucumber';
import type { EvidenceRecord, StagedFixture, SutIdentity } from '../evidence/record';
import { runContext } from '../run-context';
import { bounded } from '../secrets/redact';
import type { Capability } from '../spec/capability';
import { AgentRuntime } from '../sut/agent-runtime';
import type { AgentName } from '../sut/agents';
import { DurableState } from '../sut/durable-state';
import { Gateway } from '../sut/gateway';
import { HostCli } from '../sut/host-cli';
import { identityOf } from '../sut/identity';
import { freePort } from '../sut/ports';
import type { Isolation, Profile } from '../sut/profile';
import { profileOf } from '../sut/profiles/choose';
import { Sandbox } from '../sut/sandbox';
import { sutTime } from '../sut/sut-time';
import { interruption } from './interruption';
import { Obligations } from './obligations/obligations';
import type { ScenarioState } from './scenario-state';
import { holdShared } from './shared-resource';
import type { ScenarioStep } from './step-meaning';
import { sutEnvironment } from './sut-environment';

/** Where a scenario stands in the specification. */
export interface ScenarioPlace {
  readonly name: string;
  /** `file:line`. */
  readonly location: string;
  /** The agent that its tag names; part of the IDs of its assertions. */
  readonly agent: AgentName | undefined;
  /** In order, each with what it means. */
  readonly steps: readonly ScenarioStep<Phase9World>[];
}

type CleanupTime = 'before-restore' | 'after-restore';

let count = 0;

/** One scenario's world: its own directories and clients, what it staged, and what it must restore. */
export class Phase9World extends World<{ readonly profile: string }> {
  readonly profile: Profile;
  readonly #state: Partial<ScenarioState> = {};
  readonly #staged: StagedFixture[] = [];
  readonly #cleanups: Readonly<Record<CleanupTime, (() => Promise<void>)[]>> = {
    'before-restore': [],
    'after-restore': [],
  };
  readonly #lacking = new Map<Capability, string>();
  readonly records: EvidenceRecord[] = [];
  #own: Own | undefined;
  /** Why an action could not be carried out; no later action runs then. */
  actionFailure: string | undefined;
  /** What a check of the audit found wrong. */
  checkFailure: string | undefined;
  /** The step under way. */
  step: ScenarioStep<Phase9World> = { text: '', definition: undefined, args: [], makes: [] };

  constructor(options: IWorldOptions<{ readonly profile: string }>) {
    super(options);
    this.profile = profileOf(options.parameters.profile);
  }

  /** Gives the scenario its own directories, programs, environment and journal. Nothing outside its directory is touched yet. */
  async begin(place: ScenarioPlace): Promise<void> {
    interruption.throwIfAborted();
    const { run, state, journals, reports } = runContext();
    // All scenarios share one installation: each changes its tree, its gateway's port, its cached images.
    if (this.profile.isolation === 'in-place') {
      this.addCleanup('after-restore', await holdShared(`installation ${this.profile.distribution}`));
    }
    if (place.agent) this.set({ agent: place.agent });
    count += 1;
    const token = `p9-${run.slice(-4)}-${process.env.CUCUMBER_WORKER_ID ?? '0'}${count}`;
    const directory = path.join(state, 'work', token);
    const isolation: Isolation = {
      token,
      gatewayPort: await freePort(),
      dashboardPort: await freePort(),
      hostsFile: path.join(directory, 'hosts'),
      baseImages: {
        openclaw: `phase9/${token}/sandbox-base:latest`,
        hermes: `phase9/${token}/hermes-sandbox-base:latest`,
      },
    };
    const obligations = new Obligations(journals, run, token);
    try {
      this.#own = await this.#furnish({ place, run, reports, directory, isolation, obligations });
    } catch (error) {
      // A scenario that cannot begin has no end that would restore what was begun.
      await obligations.restoreAll();
      obligations.close();
      throw error;
    }
  }

  /** Fills the scenario's directory: HOME, the SUT, its environment and clients. */
  async #furnish(
    bare: Pick<Own, 'place' | 'run' | 'reports' | 'directory' | 'isolation' | 'obligations'>,
  ): Promise<Own> {
    const { directory, isolation, obligations } = bare;
    const { token } = isolation;
    await obligations.register({ kind: 'directory', path: directory }, 'scenario');
    await obligations.register({ kind: 'processes', entry: `PHASE9_SCENARIO=${token}` }, 'scenario');
    const home = path.join(directory, 'home');
    // A program that starts others with an environment of its own still gives them the user's HOME.
    await obligations.register({ kind: 'processes', entry: `HOME=${home}` }, 'scenario');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const temporary = path.join(directory, 'tmp');
    mkdirSync(temporary);
    const identity = await identityOf(this.profile);
    let distribution = this.profile.distribution;
    if (this.profile.isolation === 'copy') {
      distribution = path.join(directory, 'sut');
      cpSync(this.profile.distribution, distribution, { recursive: true });
    }
    const tree = path.join(distribution, this.profile.tree);
    const environment = sutEnvironment(this.profile, isolation, { home, temporary, distribution });
    const cli = new HostCli({
      nemoclaw: this.profile.nemoclaw,
      openshell: this.profile.openshell,
      env: () => environment,
      cwd: directory,
      logs: path.join(directory, 'logs'),
      signal: interruption,
    });
    return {
      ...bare,
      tree,
      environment,
      identity,
      cli,
      gateway: new Gateway(
        cli,
        this.profile.gatewayName(isolation),
        this.profile.bounds.command,
        this.profile.release.openshell,
      ),
      durable: new DurableState(home, tree),
      begunAt: new Date().toISOString(),
      startedAt: performance.now(),
      sutTimeBefore: sutTime.total,
    };
  }

  get own(): Own {
    if (!this.#own) throw new Error('the scenario has not begun');
    return this.#own;
  }

  get begun(): boolean {
    return this.#own !== undefined;
  }

  /** A sandbox: the scenario's own, with the agent of its tag, unless another one is named. */
  sandbox(name: string = this.get('sandbox'), agent: AgentName = this.get('agent')): Sandbox {
    return new Sandbox(this.own.cli, name, agent, this.profile.bounds.inside, this.profile.release);
  }

  /** The agent of a sandbox as it runs inside. */
  agentRuntime(name: string = this.get('sandbox')): AgentRuntime {
    const agent = this.get('agent');
    const { bounds, release } = this.profile;
    return new AgentRuntime(this.own.cli, name, agent, bounds.inside, release.agents[agent].atWork);
  }

  /** What an earlier step found out. @throws when none did: the feature lacks a Given. */
  get<K extends keyof ScenarioState>(name: K): ScenarioState[K] {
    const value = this.#state[name];
    if (value === undefined) throw new Error(`no earlier step of this scenario set ${name}`);
    return value as ScenarioState[K];
  }

  getIfSet<K extends keyof ScenarioState>(name: K): ScenarioState[K] | undefined {
    return this.#state[name];
  }

  set(facts: Partial<ScenarioState>): void {
    Object.assign(this.#state, facts);
  }

  /** Notes that a fixture stands, with what was seen of it. */
  staged(fixture: string, proof: Readonly<Record<string, string>>): void {
    const redacted = Object.fromEntries(Object.entries(proof).map(([key, value]) => [key, bounded(value, 500)]));
    const { run, place } = this.own;
    this.#staged.push({ fixture, run, scenario: place.location, stagedAt: new Date().toISOString(), proof: redacted });
  }

  /** Notes why a capability is lacking, once staging has found out: assertions that need it are not applicable from here on. */
  lacks(capability: Capability, reason: string): void {
    this.#lacking.set(capability, reason);
  }

  get lacking(): ReadonlyMap<Capability, string> {
    return this.#lacking;
  }

  get fixtures(): readonly StagedFixture[] {
    return this.#staged;
  }

  /**
   * Registers a cleanup for the scenario's end: `before-restore`, such as closing a server of this process, or `after-restore`, such as
   * releasing a lock. The latest registered runs first.
   */
  addCleanup(when: CleanupTime, cleanup: () => Promise<void>): void {
    this.#cleanups[when].push(cleanup);
  }

  async cleanUp(when: CleanupTime): Promise<void> {
    for (const cleanup of this.#cleanups[when].splice(0).reverse()) await cleanup();
  }

  /** Whether an action still follows the step under way. */
  get moreActionsToCome(): boolean {
    const { steps } = this.own.place;
    return steps.slice(steps.indexOf(this.step) + 1).some(({ definition }) => definition?.meaning.kind === 'action');
  }
}

/** What belongs to one scenario alone. */
interface Own {
  readonly place: ScenarioPlace;
  readonly run: string;
  readonly reports: string;
  readonly directory: string;
  /** The SUT's source tree. */
  readonly tree: string;
  readonly isolation: Isolation;
  readonly obligations: Obligations;
  readonly environment: Record<string, string>;
  readonly identity: SutIdentity;
  readonly cli: HostCli;
  readonly gateway: Gateway;
  readonly durable: DurableState;
  readonly begunAt: string;
  readonly startedAt: number;
  readonly sutTimeBefore: number;
}

import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { type IWorldOptions, World } from '@cucumber/cucumber';
import { type LedgerAssertion, ledgerEntryFor } from '../evidence/ledger';
import type { EvidenceRecord, StagedFixture, SutIdentity } from '../evidence/record';
import { bounded } from '../evidence/redact';
import { runContext } from '../run-context';
import type { AgentName } from '../sut/agents';
import { DurableState } from '../sut/durable-state';
import { Gateway } from '../sut/gateway';
import { HostCli } from '../sut/host-cli';
import { identityOf } from '../sut/identity';
import { freePort } from '../sut/ports';
import { type Isolation, type Profile, profileOf } from '../sut/profile';
import { Sandbox } from '../sut/sandbox';
import { sutTime } from '../sut/sut-time';
import type { Facts } from './facts';
import { interruption } from './interruption';
import { Obligations } from './obligations/obligations';
import { holdShared } from './shared-resource';
import type { StepMeaning } from './step-registry';
import { sutEnvironment } from './sut-environment';
import { AssertionsFailed, judge } from './verdict';

/** Where a scenario stands in the specification. */
export interface ScenarioPlace {
  readonly name: string;
  /** `file:line`. */
  readonly location: string;
  /** The agent that its tag names; part of the IDs of its assertions. */
  readonly agent: AgentName | undefined;
  /** Its tags name the variants of its assertions. */
  readonly tags: readonly { readonly name: string }[];
  /** The texts of its steps, in order. */
  readonly steps: readonly string[];
}

let count = 0;

/** One scenario's world: what it has for itself, what it staged, what it owes. */
export class Phase9World extends World<{ readonly profile: string }> {
  readonly profile: Profile;
  readonly #facts: Partial<Facts> = {};
  readonly #staged: StagedFixture[] = [];
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #releases: (() => Promise<void>)[] = [];
  readonly records: EvidenceRecord[] = [];
  #own: Own | undefined;
  /** Why an action could not be carried out; no later action runs then. */
  actionFailure: string | undefined;
  /** What a check of the audit found wrong. */
  checkFailure: string | undefined;
  /** Text of the step under way. */
  step = '';

  constructor(options: IWorldOptions<{ readonly profile: string }>) {
    super(options);
    this.profile = profileOf(options.parameters.profile);
  }

  /** Gives the scenario its own directories, programs, environment and journal. Nothing outside its directory is touched yet. */
  async begin(place: ScenarioPlace): Promise<void> {
    interruption.throwIfAborted();
    const { run, state, journals, reports } = runContext();
    // One installation for all: whoever uses it changes its tree, its gateway's port, its cached images.
    if (this.profile.isolation === 'in-place') {
      this.afterRestore(await holdShared(`installation ${this.profile.distribution}`));
    }
    if (place.agent) this.learn({ agent: place.agent });
    count += 1;
    const token = `p9-${run.slice(-4)}-${process.env.CUCUMBER_WORKER_ID ?? '0'}${count}`;
    const directory = path.join(state, 'work', token);
    const isolation: Isolation = {
      token,
      gatewayPort: await freePort(),
      dashboardPort: await freePort(),
      hostsFile: path.join(directory, 'hosts'),
      baseImage: `phase9/${token}/sandbox-base:latest`,
    };
    const obligations = new Obligations(journals, run, token);
    try {
      this.#own = await this.#furnish({ place, run, reports, directory, isolation, obligations });
    } catch (error) {
      // A scenario that cannot begin has no end that would put back what was begun.
      await obligations.discharge();
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
    await obligations.owe({ kind: 'directory', path: directory }, 'scenario');
    await obligations.owe({ kind: 'processes', entry: `PHASE9_SCENARIO=${token}` }, 'scenario');
    const home = path.join(directory, 'home');
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
      gateway: new Gateway(cli, this.profile.gatewayName(isolation), this.profile.bounds.command),
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

  sandbox(name: string = this.fact('sandbox')): Sandbox {
    return new Sandbox(this.own.cli, name, this.fact('agent'), this.profile.bounds.inside);
  }

  /** What an earlier step found out. @throws when none did: the feature lacks a Given. */
  fact<K extends keyof Facts>(name: K): Facts[K] {
    const value = this.#facts[name];
    if (value === undefined) throw new Error(`no earlier step of this scenario told its ${name}`);
    return value as Facts[K];
  }

  factIfThere<K extends keyof Facts>(name: K): Facts[K] | undefined {
    return this.#facts[name];
  }

  learn(facts: Partial<Facts>): void {
    Object.assign(this.#facts, facts);
  }

  /** Notes that a fixture stands, with what was seen of it. */
  staged(fixture: string, proof: Readonly<Record<string, string>>): void {
    const redacted = Object.fromEntries(Object.entries(proof).map(([key, value]) => [key, bounded(value, 500)]));
    const { run, place } = this.own;
    this.#staged.push({ fixture, run, scenario: place.location, stagedAt: new Date().toISOString(), proof: redacted });
  }

  get fixtures(): readonly StagedFixture[] {
    return this.#staged;
  }

  /** Closes `close` at the scenario's end, before anything is put back: a server of this process, say. */
  closeAtEnd(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Calls `release` once everything is put back: of a lock, say. */
  afterRestore(release: () => Promise<void>): void {
    this.#releases.push(release);
  }

  async releaseAll(): Promise<void> {
    for (const release of this.#releases.splice(0)) await release();
  }

  async closeServers(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }

  /** What Cucumber calls for every step; `meaning` comes from the step's definition. */
  async carryOut(meaning: StepMeaning, args: readonly unknown[]): Promise<void> {
    interruption.throwIfAborted();
    if (meaning.kind === 'action') {
      try {
        await meaning.body(this, ...(args as never[]));
      } catch (error) {
        this.actionFailure ??= `"${this.step}" could not be carried out: ${bounded(error instanceof Error ? error.message : String(error))}`;
        throw error;
      }
    } else if (meaning.kind === 'check') {
      try {
        await meaning.body(this, ...(args as never[]));
      } catch (error) {
        this.checkFailure = `"${this.step}": ${bounded(error instanceof Error ? error.message : String(error))}`;
        throw error;
      }
    } else if (meaning.kind === 'assertion') {
      const record = await judge(this, meaning.id, meaning.body, args);
      if (record.verdict === 'failed' && !this.moreActionsToCome()) throw new AssertionsFailed([record]);
    }
  }

  /** Set by the hooks: whether an action still follows the step under way. */
  moreActionsToCome: () => boolean = () => false;

  ledgerEntry(template: string): LedgerAssertion {
    return ledgerEntryFor(template, this.own.place.agent);
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

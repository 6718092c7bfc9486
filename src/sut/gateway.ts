import type { Observation } from '../evidence/observation';
import { type CallOptions, type HostCli, textOf } from './host-cli';
import {
  gatewayVersionIn,
  networkPoliciesIn,
  type OpenshellOutput,
  type PolicyDocument,
  phaseIn,
  policyDocumentIn,
  providersIn,
  refusesOutput,
} from './openshell-output';
import type { NetworkPolicies } from './policy';
import { until } from './until';

/** How this release's `openshell` answers and deletes. */
export interface OpenshellManners {
  readonly output: OpenshellOutput;
  /** Whether `sandbox delete` returns while the sandbox is still listed, in the phase Deleting. */
  readonly deletesInBackground: boolean;
}

/** What the running gateway answers, asked through `openshell`. */
export class Gateway {
  constructor(
    private readonly cli: HostCli,
    private readonly name: string,
    /** Bound of a question, in ms. */
    private readonly within: number,
    private readonly manners: OpenshellManners,
  ) {}

  /** Asks for JSON where this release's openshell offers it; an older one, as before an upgrade, refuses the option and is asked for its table. */
  private async ask<T>(
    args: readonly string[],
    read: (answer: string, output: OpenshellOutput) => T,
  ): Promise<Observation<T>> {
    const call = (form: readonly string[]) =>
      this.cli.openshell([...args, ...form], { within: this.within, boundary: 'gateway' });
    const first = await call(this.manners.output === 'json' ? ['-o', 'json'] : []);
    const refused = this.manners.output === 'json' && refusesOutput(first.peek());
    const answer = await this.cli.must(Promise.resolve(refused ? await call([]) : first));
    return answer.map(({ stdout }) => read(textOf(stdout), refused ? 'text' : this.manners.output));
  }

  /** The network part of the sandbox's effective policy. */
  async networkPolicies(sandbox: string): Promise<Observation<NetworkPolicies>> {
    return this.ask(['policy', 'get', '--full', sandbox], networkPoliciesIn);
  }

  /** The sandbox's effective policy as a whole: network, files, process and Landlock. */
  async policyDocument(sandbox: string): Promise<Observation<PolicyDocument>> {
    return this.ask(['policy', 'get', '--full', sandbox], policyDocumentIn);
  }

  /** The type of every provider that the gateway has, by name. */
  async providers(): Promise<Observation<Readonly<Record<string, string>>>> {
    return this.ask(['provider', 'list'], providersIn);
  }

  /**
   * The word for the sandbox's phase (Provisioning, Ready, Error, Deleting, Unknown …), or null when it is not listed. A sandbox
   * that is being deleted is listed.
   */
  async phase(sandbox: string): Promise<Observation<string | null>> {
    return this.ask(['sandbox', 'list'], (answer, output) => phaseIn(answer, sandbox, output));
  }

  /** The version that the server itself reports. */
  async version(): Promise<Observation<string>> {
    return this.ask(['status'], gatewayVersionIn);
  }

  /** @param policy a policy file; without one the gateway's own default applies */
  createSandbox(sandbox: string, from: string, command: readonly string[], options: CallOptions, policy?: string) {
    const what = ['--name', sandbox, '--from', from, ...(policy === undefined ? [] : ['--policy', policy])];
    return this.cli.must(
      this.cli.openshell(['sandbox', 'create', ...what, '--gateway', this.name, '--no-tty', '--', ...command], options),
    );
  }

  /** Deletes a sandbox. @returns once it is no longer listed, so that its name is free. */
  async deleteSandbox(sandbox: string, options: CallOptions) {
    const deleted = await this.cli.must(this.cli.openshell(['sandbox', 'delete', sandbox], options));
    if (this.manners.deletesInBackground) await this.#gone(sandbox, options.within);
    return deleted;
  }

  async #gone(sandbox: string, within: number): Promise<void> {
    let phase: string | null = 'Deleting';
    const unlisted = async () => {
      phase = (await this.phase(sandbox)).peek();
      return phase === null;
    };
    await until(`the sandbox ${sandbox} to be deleted`, unlisted, { within, every: 250, last: () => phase ?? 'gone' });
  }
}

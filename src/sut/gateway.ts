import type { Observation } from '../evidence/observation';
import { type CallOptions, type HostCli, textOf } from './host-cli';
import { gatewayVersionIn, networkPoliciesIn, type OpenshellOutput, phaseIn } from './openshell-output';
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

  private ask(args: readonly string[]) {
    const form = this.manners.output === 'json' ? ['-o', 'json'] : [];
    return this.cli.must(this.cli.openshell([...args, ...form], { within: this.within, boundary: 'gateway' }));
  }

  /** The network part of the sandbox's effective policy. */
  async networkPolicies(sandbox: string): Promise<Observation<NetworkPolicies>> {
    const answer = await this.ask(['policy', 'get', '--full', sandbox]);
    return answer.map(({ stdout }) => networkPoliciesIn(textOf(stdout), this.manners.output));
  }

  /**
   * The word for the sandbox's phase (Provisioning, Ready, Error, Deleting, Unknown …), or null when it is not listed. A sandbox
   * that is being deleted is listed.
   */
  async phase(sandbox: string): Promise<Observation<string | null>> {
    const answer = await this.ask(['sandbox', 'list']);
    return answer.map(({ stdout }) => phaseIn(textOf(stdout), sandbox, this.manners.output));
  }

  /** The version that the server itself reports. */
  async version(): Promise<Observation<string>> {
    const answer = await this.ask(['status']);
    return answer.map(({ stdout }) => gatewayVersionIn(textOf(stdout), this.manners.output));
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

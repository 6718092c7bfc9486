import { parse } from 'yaml';
import { z } from 'zod';
import type { Observation } from '../evidence/observation';
import { type CallOptions, type HostCli, textOf } from './host-cli';
import { type NetworkPolicies, networkPolicySchema } from './policy';

const policySchema = z.looseObject({
  version: z.number().optional(),
  network_policies: z.record(z.string(), networkPolicySchema).nullish(),
});

/** What the running gateway answers, asked through `openshell`. */
export class Gateway {
  constructor(
    private readonly cli: HostCli,
    private readonly name: string,
    /** Bound of a question, in ms. */
    private readonly within: number,
  ) {}

  private ask(args: readonly string[]) {
    return this.cli.must(this.cli.openshell(args, { within: this.within, boundary: 'gateway' }));
  }

  /** The network part of the sandbox's effective policy: the YAML behind the `---` of `policy get --full`. */
  async networkPolicies(sandbox: string): Promise<Observation<NetworkPolicies>> {
    const answer = await this.ask(['policy', 'get', '--full', sandbox]);
    return answer.map(({ stdout }) => {
      const text = textOf(stdout);
      const start = text.search(/^---\s*$/m);
      if (start < 0) throw new Error('the answer has no `---` before a policy');
      return policySchema.parse(parse(text.slice(start + 3))).network_policies ?? {};
    });
  }

  /** The phase that `sandbox list` shows in its last column, or null when the sandbox is not listed. */
  async phase(sandbox: string): Promise<Observation<string | null>> {
    const answer = await this.ask(['sandbox', 'list']);
    return answer.map(({ stdout }) => {
      const row = textOf(stdout)
        .split('\n')
        .map((line) => line.trim().split(/\s{2,}/))
        .find(([first]) => first === sandbox);
      return row?.at(-1) ?? null;
    });
  }

  /** The version that the server itself reports, from the line `Version:` of `openshell status`. */
  async version(): Promise<Observation<string>> {
    const answer = await this.ask(['status']);
    return answer.map(({ stdout }) => {
      const version = /^\s*Version:\s*(\S+)/m.exec(textOf(stdout))?.[1];
      if (!version) throw new Error('`openshell status` names no version');
      return version;
    });
  }

  /** @param policy a policy file; without one the gateway's own default applies */
  createSandbox(sandbox: string, from: string, command: readonly string[], options: CallOptions, policy?: string) {
    const what = ['--name', sandbox, '--from', from, ...(policy === undefined ? [] : ['--policy', policy])];
    return this.cli.must(
      this.cli.openshell(['sandbox', 'create', ...what, '--gateway', this.name, '--no-tty', '--', ...command], options),
    );
  }

  deleteSandbox(sandbox: string, options: CallOptions) {
    return this.cli.must(this.cli.openshell(['sandbox', 'delete', sandbox], options));
  }
}

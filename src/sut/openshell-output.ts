import { parse } from 'yaml';
import { z } from 'zod';
import type { CommandResult } from './command';
import { type NetworkPolicies, networkPolicySchema } from './policy';

/** How `openshell` is asked for its answers: as tables for people, or with `-o json`. */
export type OpenshellOutput = 'text' | 'json';

/** Whether openshell refused to be asked for a form of output: it knows no such option, and did nothing. */
export function refusesOutput({ exit, stderr }: Pick<CommandResult, 'exit' | 'stderr'>): boolean {
  return exit === 2 && /unexpected argument '(?:-o|--output)'/.test(stderr.toString('utf8'));
}

const policySchema = z.looseObject({
  version: z.number().optional(),
  network_policies: z.record(z.string(), networkPolicySchema).nullish(),
});
const listSchema = z.array(z.looseObject({ name: z.string(), phase: z.string() }));
const statusSchema = z.looseObject({ version: z.string().min(1).optional() });
const policyAnswerSchema = z.looseObject({ policy: policySchema });
const policyDocumentSchema = z.record(z.string(), z.unknown());
/** A provider's credentials have names of their own; their values are never shown. */
const providersSchema = z.array(z.looseObject({ name: z.string(), type: z.string().optional() }));

/** A sandbox's whole policy, as the gateway has it. */
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** The phase that `sandbox list` shows for a sandbox; null where it is not listed. */
export function phaseIn(answer: string, sandbox: string, output: OpenshellOutput): string | null {
  if (output === 'json') {
    return listSchema.parse(JSON.parse(answer)).find(({ name }) => name === sandbox)?.phase ?? null;
  }
  const rows = answer.split('\n').map((line) => line.trim().split(/\s{2,}/));
  return rows.find(([first]) => first === sandbox)?.at(-1) ?? null;
}

/** The version that the gateway itself reports. @throws when the answer of `status` has none: the gateway cannot be reached. */
export function gatewayVersionIn(answer: string, output: OpenshellOutput): string {
  const version =
    output === 'json' ? statusSchema.parse(JSON.parse(answer)).version : /^\s*Version:\s*(\S+)/m.exec(answer)?.[1];
  if (version === undefined) throw new Error('`openshell status` names no version');
  return version;
}

/** The network part of the policy that `policy get --full` shows: behind a line `---` as YAML, or under `policy`. */
export function networkPoliciesIn(answer: string, output: OpenshellOutput): NetworkPolicies {
  if (output === 'json') return policyAnswerSchema.parse(JSON.parse(answer)).policy.network_policies ?? {};
  return policySchema.parse(parse(policyTextIn(answer))).network_policies ?? {};
}

/** The whole policy that `policy get --full` shows, every field as it stands there. */
export function policyDocumentIn(answer: string, output: OpenshellOutput): PolicyDocument {
  const document = output === 'json' ? JSON.parse(answer).policy : parse(policyTextIn(answer));
  return policyDocumentSchema.parse(document);
}

function policyTextIn(answer: string): string {
  const start = answer.search(/^---\s*$/m);
  if (start < 0) throw new Error('the answer has no `---` before a policy');
  return answer.slice(start + 3);
}

/** The type of each provider that `provider list` shows, by the provider's name. */
export function providersIn(answer: string, output: OpenshellOutput): Readonly<Record<string, string>> {
  if (output === 'json') {
    const listed = providersSchema.parse(JSON.parse(answer));
    return Object.fromEntries(listed.map(({ name, type = 'type not shown' }) => [name, type]));
  }
  const rows = answer.split('\n').map((line) => line.trim().split(/\s{2,}/));
  return Object.fromEntries(rows.flatMap(([name, type]) => (name && type && name !== 'NAME' ? [[name, type]] : [])));
}

import { LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';

const port = z.number().int().min(1).max(65535);
const host = z.string().regex(/^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/, 'is no host name or address');

const endpoint = z
  .looseObject({ host, port: port.optional(), ports: z.array(port).optional() })
  .refine((value) => value.port !== undefined || (value.ports?.length ?? 0) > 0, 'an endpoint needs a port');

const networkEntry = z.looseObject({
  name: z.string().optional(),
  endpoints: z.array(endpoint).default([]),
  binaries: z.array(z.looseObject({ path: z.string() })).default([]),
});

/** A policy file (sut-contract.md, “Inside a sandbox”). Unknown keys are kept as they are. */
export const policySchema = z.looseObject({
  version: z.number().int().default(1),
  filesystem_policy: z
    .looseObject({
      include_workdir: z.boolean().optional(),
      read_only: z.array(z.string()).optional(),
      read_write: z.array(z.string()).optional(),
    })
    .optional(),
  landlock: z.looseObject({ compatibility: z.string().optional() }).optional(),
  process: z.looseObject({ run_as_user: z.string().optional(), run_as_group: z.string().optional() }).optional(),
  network_policies: z.preprocess((value) => value ?? {}, z.record(z.string(), networkEntry)),
});

export type Policy = z.infer<typeof policySchema>;
export type Endpoint = z.infer<typeof endpoint>;

/**
 * Reads a policy from YAML.
 * @throws with `file:line:column` and the reason when the text is no YAML, and with the path of the key when it is no policy.
 */
export function parsePolicy(text: string, file: string): Policy {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new Error(`${file}:${line}:${col}: ${broken.message.split('\n')[0]?.replace(/ at line \d+.*$/, '')}`);
  }
  return checkPolicy(document.toJS(), file);
}

/**
 * Checks a parsed policy.
 * @throws with the path of each key that is wrong.
 */
export function checkPolicy(value: unknown, file: string): Policy {
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
  throw new Error(`${file} is no policy: ${issues.join('; ')}`);
}

/** The policy as the YAML that `openshell policy get --full` and `sandbox get` show. */
export function policyYaml(policy: Policy): string {
  return stringify(policy, { lineWidth: 0, aliasDuplicateObjects: false });
}

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { inRepository } from '../repository';
import { parseYamlFile } from '../yaml-file';
import { boundarySchema } from './boundary';
import { capabilitySchema } from './capability';

/** A public report: `owner/repository#number`. */
export const reportSchema = z.string().regex(/^[\w.-]+\/[\w.-]+#\d+$/, 'is not owner/repository#number');

const assertionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/),
  boundary: boundarySchema,
  observe: z.string().min(1),
  expect: z.string().min(1),
  red: z.string().min(1),
  level: z.enum(['core', 'extended']).default('core'),
  needs: z.array(z.string()).default([]),
  variants: z.array(z.string()).default([]),
  applies: z.array(capabilitySchema).default([]),
  redIn: z.enum(['fixture', 'journal']).optional(),
  /**
   * Where it compares a document with what it was before: the places that the action may change, keys joined by dots; `*` stands for any one key or
   * member of a list.
   */
  may_change: z.array(z.string().regex(/^[\w*-]+(?:\.[\w*-]+)*$/, 'is not keys joined by dots')).default([]),
  legacy: z.string(),
  /** Public reports of the defect that it would have shown. */
  reports: z.array(reportSchema).default([]),
});

const rowSchema = z.strictObject({
  title: z.string(),
  boundary: z.array(boundarySchema).min(1),
  legacy: z.array(z.string()),
  requires_fixtures: z.array(z.string()),
  note: z.string().optional(),
  assertions: z.array(assertionSchema).min(1),
});

const ledgerSchema = z.strictObject({
  version: z.literal(1),
  rows: z.record(z.string().regex(/^AQ-\d{3}$/), rowSchema),
});

export type LedgerAssertion = z.infer<typeof assertionSchema> & { readonly row: string };

/** The ledger of all assertions of this suite, by stable ID. */
export interface Ledger {
  readonly rows: Readonly<Record<string, z.infer<typeof rowSchema>>>;
  readonly byId: ReadonlyMap<string, LedgerAssertion>;
}

export const ledgerPath = inRepository('audit/assertions.yaml');

let cached: Ledger | undefined;

/**
 * Reads audit/assertions.yaml.
 * @throws YamlFileError with file:line:column when it is malformed, or when an ID stands there twice.
 */
export function loadLedger(): Ledger {
  if (cached) return cached;
  const { rows } = parseYamlFile(ledgerPath, readFileSync(ledgerPath, 'utf8'), ledgerSchema);
  const byId = new Map<string, LedgerAssertion>();
  for (const [row, { assertions }] of Object.entries(rows)) {
    for (const assertion of assertions) {
      if (byId.has(assertion.id)) throw new Error(`${ledgerPath}: the ID ${assertion.id} stands there twice`);
      byId.set(assertion.id, { ...assertion, row });
    }
  }
  cached = { rows, byId };
  return cached;
}

/** @throws when the ledger has no assertion of that ID. */
export function ledgerEntry(id: string): LedgerAssertion {
  const entry = loadLedger().byId.get(id);
  if (!entry) throw new Error(`the ledger has no assertion ${id}`);
  return entry;
}

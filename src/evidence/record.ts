import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { boundarySchema } from '../spec/boundary';
import { UserError } from '../user-error';

export const verdictSchema = z.enum(['passed', 'failed', 'not-applicable', 'not-run']);
export type Verdict = z.infer<typeof verdictSchema>;

/**
 * How a verdict came about: by the step itself; at the scenario's end, for a step that Cucumber skipped behind a failed one and
 * for what was restored; or not at all. A claim may name the others of itself; no audit accepts them.
 */
export const executionSchema = z.enum([
  'executed',
  'judged-at-end',
  'not-executed',
  'dry-run',
  'preview',
  'skipped',
  'pending',
]);
export type Execution = z.infer<typeof executionSchema>;

const traceEntrySchema = z.strictObject({
  boundary: boundarySchema,
  source: z.string(),
  kind: z.enum(['command', 'container-command', 'container-file', 'container', 'file', 'directory', 'http', 'process']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  seen: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

export const sutIdentitySchema = z.strictObject({
  kind: z.enum(['reference', 'product']),
  version: z.string(),
  commit: z.string().nullable(),
  /** SHA-256 over the SUT's tree before anything was staged in it. */
  treeDigest: z.string(),
  dirty: z.boolean().nullable(),
});
export type SutIdentity = z.infer<typeof sutIdentitySchema>;

export const stagedSchema = z.strictObject({
  fixture: z.string(),
  /** The run, and `file:line` of the scenario, that staged it: no other may show it as its own. */
  run: z.string(),
  scenario: z.string(),
  stagedAt: z.iso.datetime(),
  /** What was seen of it once it stood: an image ID, a version inside, a digest. */
  proof: z.record(z.string(), z.string()),
});
export type StagedFixture = z.infer<typeof stagedSchema>;

/** One verdict: one file for each assertion ID and variant of a run. */
export const recordSchema = z.strictObject({
  id: z.string(),
  variant: z.string().nullable(),
  row: z.string(),
  level: z.enum(['core', 'extended']),
  verdict: verdictSchema,
  execution: executionSchema,
  boundary: boundarySchema,
  trace: z.array(traceEntrySchema),
  expected: z.string(),
  observed: z.string(),
  /** Why the verdict is no pass; null for a pass. */
  reason: z.string().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  run: z.string(),
  /** `file:line` of the scenario, and its own line in the story. */
  scenario: z.string(),
  scenarioName: z.string(),
  step: z.string(),
  fixtures: z.array(stagedSchema),
  sut: sutIdentitySchema,
});
export type EvidenceRecord = z.infer<typeof recordSchema>;

/** Where a record lies in a run's report directory. */
export function recordPath(
  runDirectory: string,
  { row, id, variant }: Pick<EvidenceRecord, 'row' | 'id' | 'variant'>,
): string {
  return path.join(runDirectory, 'evidence', row, `${id}${variant === null ? '' : `--${variant}`}.json`);
}

/** Writes a record, whole or not at all. @returns its path. */
export function writeRecord(runDirectory: string, record: EvidenceRecord): string {
  const file = recordPath(runDirectory, record);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileAtomic.sync(file, `${JSON.stringify(recordSchema.parse(record), null, 2)}\n`, { mode: 0o644 });
  return file;
}

/** All records below a run's report directory, with their paths. @throws for a file that is no record. */
export function readRecords(
  runDirectory: string,
): { readonly file: string; readonly bytes: Buffer; readonly record: EvidenceRecord }[] {
  const root = path.join(runDirectory, 'evidence');
  let names: string[];
  try {
    names = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && one.name.endsWith('.json'))
      .map((one) => path.join(one.parentPath, one.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.map((file) => {
    const bytes = readFileSync(file);
    const parsed = recordSchema.safeParse(json(file, bytes));
    if (!parsed.success) throw new UserError(`${file}: not an evidence record: ${z.prettifyError(parsed.error)}`);
    return { file, bytes, record: parsed.data };
  });
}

/** @throws CommandProblem that names the file, without what stands in it. */
export function json(file: string, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new UserError(`${file}: no whole JSON`);
  }
}

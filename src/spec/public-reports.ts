import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { inRepository } from '../repository';
import { parseYamlFile } from '../yaml-file';
import { type Ledger, type LedgerAssertion, loadLedger, reportSchema } from './ledger';

const sourceSchema = z.union(
  [
    reportSchema.transform((report) => ({ report, after: null })),
    z.strictObject({ report: reportSchema, after: z.string().regex(/^v\d+(?:\.\d+)+$/, 'a release such as v0.0.53') }),
  ],
  { error: 'is neither owner/repository#number nor { report: owner/repository#number, after: v0.0.53 }' },
);

const entrySchema = z.strictObject({
  sources: z.array(sourceSchema).min(1),
  what: z.string().regex(/^[A-Z].{18,}\.$/, 'what went wrong, in a sentence'),
  rows: z.array(z.string()).min(1),
  also: z.array(reportSchema).default([]),
  unseen: z.string().min(20, 'why no check would show it, in a sentence').optional(),
});

const fileSchema = z.strictObject({ version: z.literal(1), reports: z.array(entrySchema) });

/** A public report, and of which release on, where that is later than one that the suite has run on. */
export type ReportSource = z.output<typeof sourceSchema>;

/** Public reports of one defect, in our own words. */
export interface PublicReport {
  readonly sources: readonly ReportSource[];
  /** What went wrong, in a sentence. */
  readonly what: string;
  readonly rows: readonly string[];
  /** Reports of other entries that tell of this, too. */
  readonly also: readonly string[];
  /** Why no check would show it; null where one does, or may one day. */
  readonly unseen: string | null;
}

/** A public report with the assertions that would have shown the defect. */
export interface SeenReport extends PublicReport {
  readonly assertions: readonly string[];
}

/** Where the reports stand, relative to the repository: messages name it. */
export const PUBLIC_REPORTS = 'audit/reports.yaml';

type Content = z.output<typeof fileSchema>;
type Part = keyof Content['reports'][number];

/** Checks what only the ledger, or another entry, can tell. */
function against({ rows, byId }: Ledger): (content: Content, context: z.RefinementCtx) => void {
  return ({ reports }, context) => {
    const complain = (path: readonly [number, Part, number?], message: string) =>
      context.addIssue({
        code: 'custom',
        path: ['reports', ...path.filter((part) => part !== undefined)],
        message,
      });
    const known = new Set(reports.flatMap(({ sources }) => sources.map(({ report }) => report)));
    const before = new Set<string>();
    for (const [at, entry] of reports.entries()) {
      const own = entry.sources.map(({ report }) => report);
      for (const [index, report] of own.entries()) {
        if (before.has(report)) complain([at, 'sources', index], `${report} stands there twice; name it under also`);
        before.add(report);
      }
      for (const [index, row] of entry.rows.entries()) {
        if (!Object.hasOwn(rows, row)) complain([at, 'rows', index], `the ledger has no row ${row}`);
      }
      for (const [index, report] of entry.also.entries()) {
        if (!known.has(report) || own.includes(report)) complain([at, 'also', index], `${report} is of no other entry`);
      }
      const [id] = assertionsOf(own, byId);
      if (entry.unseen !== undefined && id !== undefined) {
        complain([at, 'unseen'], `the ledger names ${own.join(', ')} under ${id}, which would show it`);
      }
    }
  };
}

function assertionsOf(sources: readonly string[], byId: ReadonlyMap<string, LedgerAssertion>): string[] {
  return [...byId.values()]
    .filter(({ reports }) => reports.some((report) => sources.includes(report)))
    .map(({ id }) => id);
}

/**
 * Reads the text of `file`.
 * @throws YamlFileError with file:line:column when it is malformed, has a report twice, names a row that the ledger has not, or contradicts it.
 */
export function parsePublicReports(file: string, text: string, ledger: Ledger = loadLedger()): readonly PublicReport[] {
  const { reports } = parseYamlFile(file, text, fileSchema.superRefine(against(ledger)));
  return reports.map((one) => ({ ...one, unseen: one.unseen ?? null }));
}

/** The public reports. @throws YamlFileError as {@link parsePublicReports}. */
export function loadPublicReports(): readonly PublicReport[] {
  const file = inRepository(PUBLIC_REPORTS);
  return parsePublicReports(file, readFileSync(file, 'utf8'));
}

/** Each report with the assertions of the ledger that name it, in the ledger's order. */
export function seenReports(reports: readonly PublicReport[], { byId }: Pick<Ledger, 'byId'>): readonly SeenReport[] {
  return reports.map((one) => ({
    ...one,
    assertions: assertionsOf(
      one.sources.map(({ report }) => report),
      byId,
    ),
  }));
}

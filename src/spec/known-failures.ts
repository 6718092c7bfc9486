import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { inRepository } from '../repository';
import { parseYamlFile } from '../yaml-file';
import { type LedgerAssertion, loadLedger } from './ledger';

/** A release by its number, or a state between two of them by its month, as the suite names it. */
const RELEASE = /^(?:v?\d+(?:\.\d+)+(?:[-+][\w.-]+)?|\d{4}-\d{2})$/;
const release = z.string().regex(RELEASE, 'a release such as v0.0.53, or 2026-08');

const entrySchema = z.strictObject({
  id: z.string(),
  /** One variant of the ID; without it the entry is about all of them. */
  variant: z.string().optional(),
  what: z.string().trim().min(20, 'what the product does, in a sentence'),
  report: z
    .string()
    .regex(
      /^(?:none|[\w.-]+\/[\w.-]+#\d+|https:\/\/\S+)$/,
      'a public report such as NVIDIA/NemoClaw#1980, its address, or none',
    ),
  since: z.union([release, z.iso.date()], { error: 'the release or the date since when it is known' }),
});

const byRelease = z.record(release, z.array(entrySchema).min(1), {
  error: ({ code }) => (code === 'invalid_key' ? 'names no release such as v0.0.53' : undefined),
});
const fileSchema = z.strictObject({
  version: z.literal(1),
  known: z.strictObject({ reference: byRelease.optional(), product: byRelease.optional() }),
});

/** A failure of one release that is known: shown as such, and still red. */
export interface KnownFailure {
  readonly kind: 'reference' | 'product';
  /** The release, without a leading v. */
  readonly release: string;
  readonly id: string;
  /** Null: every variant of the ID. */
  readonly variant: string | null;
  /** What the product does, in a sentence. */
  readonly what: string;
  /** The public report; null where there is none. */
  readonly report: string | null;
  /** The release or the date since when it is known. */
  readonly since: string;
}

/** The system under test of a run or a record, as far as known failures depend on it. */
export interface ReleaseOfSut {
  readonly kind: 'reference' | 'product';
  /** With or without a leading v. */
  readonly version: string;
}

interface Named {
  readonly id: string;
  readonly variant: string | null;
}

/** Where the known failures stand, relative to the repository: messages name it. */
export const KNOWN_FAILURES = 'audit/known-failures.yaml';

function bare(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}

/** The known failures of the release that `sut` is; those of another release are none of it. */
export function knownOf(known: readonly KnownFailure[], { kind, version }: ReleaseOfSut): readonly KnownFailure[] {
  return known.filter((one) => one.kind === kind && one.release === bare(version));
}

/** The known failure that says why this assertion fails on `sut`. */
export function knownFailure(
  known: readonly KnownFailure[],
  sut: ReleaseOfSut,
  { id, variant }: Named,
): KnownFailure | undefined {
  return knownOf(known, sut).find((one) => one.id === id && (one.variant === null || one.variant === variant));
}

/** What the product does, and where that is reported: "… (NVIDIA/NemoClaw#1980)". */
export function sentenceOf({ what, report }: Pick<KnownFailure, 'what' | 'report'>): string {
  return `${what} (${report ?? 'no public report'})`;
}

type Content = z.output<typeof fileSchema>;

/** Checks what only the ledger, or another entry, can tell. */
function against(ledger: ReadonlyMap<string, LedgerAssertion>): (content: Content, context: z.RefinementCtx) => void {
  return ({ known }, context) => {
    for (const kind of ['reference', 'product'] as const) {
      const releases = known[kind] ?? {};
      const names = Object.keys(releases);
      for (const [index, name] of names.entries()) {
        const path = ['known', kind, name];
        if (names.slice(0, index).some((other) => bare(other) === bare(name)))
          context.addIssue({ code: 'custom', path, message: 'the release stands there twice' });
        for (const [at, { message, field }] of complaintsAbout(releases[name] ?? [], ledger)) {
          context.addIssue({ code: 'custom', path: [...path, at, field], message });
        }
      }
    }
  };
}

interface Complaint {
  readonly field: 'id' | 'variant';
  readonly message: string;
}

function complaintsAbout(
  entries: readonly z.output<typeof entrySchema>[],
  ledger: ReadonlyMap<string, LedgerAssertion>,
): [number, Complaint][] {
  return entries.flatMap(({ id, variant }, at): [number, Complaint][] => {
    const entry = ledger.get(id);
    if (!entry) return [[at, { field: 'id', message: `the ledger has no assertion ${id}` }]];
    if (variant !== undefined && !entry.variants.includes(variant)) {
      const there = entry.variants.join(', ') || 'none';
      return [[at, { field: 'variant', message: `${id} has no variant ${variant}; there are: ${there}` }]];
    }
    const twice = entries
      .slice(0, at)
      .some((one) => one.id === id && (one.variant ?? variant) === (variant ?? one.variant));
    return twice ? [[at, { field: 'id', message: `${id} stands there twice` }]] : [];
  });
}

/**
 * Reads the text of `file`.
 * @throws YamlFileError with file:line:column when it is malformed, names an ID or a variant that the ledger has not, or names one twice.
 */
export function parseKnownFailures(file: string, text: string): readonly KnownFailure[] {
  const { known } = parseYamlFile(file, text, fileSchema.superRefine(against(loadLedger().byId)));
  return (['reference', 'product'] as const).flatMap((kind) =>
    Object.entries(known[kind] ?? {}).flatMap(([name, entries]) =>
      entries.map(({ id, variant, what, report, since }) => ({
        ...{ kind, release: bare(name), id, variant: variant ?? null, what, since },
        report: report === 'none' ? null : report,
      })),
    ),
  );
}

/** The known failures of all releases. @throws YamlFileError as {@link parseKnownFailures}. */
export function loadKnownFailures(): readonly KnownFailure[] {
  const file = inRepository(KNOWN_FAILURES);
  return parseKnownFailures(file, readFileSync(file, 'utf8'));
}

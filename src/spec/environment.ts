import { z } from 'zod';
import { parseYamlFile } from '../yaml-file';
import { loadLedger } from './ledger';

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** What stands here in place of what the product would get elsewhere; a sentence each. */
  substitutes: z.array(z.string().trim().min(1)).default([]),
  /** Assertions whose verdict tells of the machine and not of the product. */
  assertions: z
    .array(
      z.strictObject({
        id: z.string(),
        /** One variant of the ID; without it the entry is about all of them. */
        variant: z.string().optional(),
        why: z.string().trim().min(20, 'why the verdict tells of the machine, in a sentence'),
      }),
    )
    .default([]),
});

/** What is particular to the machine on which a product was run: its runs alone cannot tell. */
export type EnvironmentNotes = z.output<typeof fileSchema>;

/** Of a machine like any other. */
export const NO_NOTES: EnvironmentNotes = { version: 1, substitutes: [], assertions: [] };

/**
 * Reads the text of `file`.
 * @throws YamlFileError with file:line:column when it is malformed, or names an assertion or a variant that the ledger has not.
 */
export function parseEnvironmentNotes(file: string, text: string): EnvironmentNotes {
  const { byId } = loadLedger();
  const schema = fileSchema.superRefine(({ assertions }, context) => {
    for (const [at, { id, variant }] of assertions.entries()) {
      const entry = byId.get(id);
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['assertions', at, field], message });
      if (entry === undefined) complain('id', `the ledger has no assertion ${id}`);
      else if (variant !== undefined && !entry.variants.includes(variant))
        complain('variant', `${id} has no variant ${variant}`);
    }
  });
  return parseYamlFile(file, text, schema);
}

/** Why the verdict of an assertion tells of the machine and not of the product. */
export function reasonInEnvironment(
  { assertions }: EnvironmentNotes,
  { id, variant }: { readonly id: string; readonly variant: string | null },
): string | undefined {
  return assertions.find((one) => one.id === id && (one.variant === undefined || one.variant === variant))?.why;
}

import { z } from 'zod';

/**
 * An independent audit amendment (gate 8 of the source text): for a time it may replace the evidence that a row or an assertion lacks.
 * It never replaces evidence that contradicts itself.
 */
export const amendmentSchema = z.strictObject({
  amends: z.string().regex(/^AQ-\d{3}$|^[a-z0-9]+(?:[._-][a-z0-9]+)+$/, 'a row, or the stable ID of an assertion'),
  /** The kind of system under test to which it applies. */
  sut: z.enum(['reference', 'product']),
  reason: z.string().trim().min(20, 'the reason, in a sentence'),
  /** The reviewer's role; never the producer of the bundle that it amends. */
  reviewer: z.string().trim().min(1),
  date: z.iso.date(),
  /** The last day on which it is in force, UTC. */
  expires: z.iso.date(),
});
export type Amendment = z.infer<typeof amendmentSchema>;

export interface NamedAmendment {
  /** Its file, relative to the repository. */
  readonly file: string;
  readonly amendment: Amendment;
}

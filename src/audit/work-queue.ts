import { z } from 'zod';
import { boundarySchema } from '../spec/boundary';

export const sutKinds = ['reference', 'product'] as const;
export type SutKind = (typeof sutKinds)[number];

const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The status of a row for one kind of system under test. Only `phase9 audit --update` writes it. */
const rowStatusSchema = z.strictObject({
  evidence: z.enum(['unresolved', 'evidence-complete']),
  /** SHA-256 of the bundles behind it. */
  bundles: z.array(digest),
  /** Why it is unresolved, a sentence each; for a row that is complete by amendments, what they amend. */
  reasons: z.array(z.string()),
});
export type RowStatus = z.infer<typeof rowStatusSchema>;

const queueRowSchema = z.strictObject({
  title: z.string().min(1),
  /** A role, never a person. */
  owner: z.string().min(1),
  phase: z.literal(9),
  scenarios: z.array(z.string().regex(/^features\/.+\.feature$/)).min(1),
  contracts: z.array(z.string()).min(1),
  boundary: z.array(boundarySchema).min(1),
  status: z.strictObject({ reference: rowStatusSchema, product: rowStatusSchema }),
});

/** `audit/work-queue.yaml`: the rows of Phase 9. */
export const workQueueSchema = z.strictObject({
  version: z.literal(1),
  rows: z.record(z.string().regex(/^AQ-\d{3}$/), queueRowSchema),
});
export type WorkQueue = z.infer<typeof workQueueSchema>;

import { z } from 'zod';

/** Where a value is read. The boundary gate compares a ledger entry's boundary with the boundaries of a record's trace. */
export const boundarySchema = z.enum(['host-cli', 'sandbox', 'gateway', 'durable-state', 'provider', 'agent-runtime']);
export type Boundary = z.infer<typeof boundarySchema>;

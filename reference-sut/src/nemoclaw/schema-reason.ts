import * as z from 'zod';
import { reasonOf } from '../shared/reason';

/** Why a file could not be used: the fields that are wrong in it, or that it could not be read or parsed. */
export function schemaReason(error: unknown): string {
  return error instanceof z.ZodError ? z.prettifyError(error) : reasonOf(error);
}

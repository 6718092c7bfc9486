import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { SutKind } from '../audit/work-queue';
import type { TrustedKey } from '../evidence/signature';
import { publicKeyOf } from '../evidence/signing-keys';
import { reasonOf } from '../reason';
import { UserError } from '../user-error';
import { parseYamlFile } from '../yaml-file';

const publicKey = z.string().transform((pem, context) => {
  try {
    return publicKeyOf(pem);
  } catch (error) {
    context.issues.push({ code: 'custom', message: `it ${reasonOf(error)}`, input: undefined });
    return z.NEVER;
  }
});

const signers = z.array(z.strictObject({ name: z.string().trim().min(1), key: publicKey })).default([]);

const trustSchema = z.strictObject({ product: signers, reference: signers });

/** Whose signatures count, for each kind of system under test. */
export type Trust = Readonly<Record<SutKind, readonly TrustedKey[]>>;

/** @throws UserError when the file cannot be read; YamlFileError when it is malformed, or a key in it is not a usable public one. */
export function loadTrust(file: string): Trust {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? reasonOf(error)})`);
  }
  return parseYamlFile(file, text, trustSchema);
}

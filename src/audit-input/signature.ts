import path from 'node:path';
import { z } from 'zod';
import type { Submission } from '../audit/submission';
import { ENVELOPE, type Envelope, envelopeSchema, type Signature, signatureOf } from '../evidence/signature';
import { parseSubmitted, readSubmitted } from './submitted-file';
import type { Trust } from './trust';

/** The envelope beside a bundle; undefined where there is none; or why it is none, as a sentence. */
export function readEnvelope(bundleFile: string): Envelope | undefined | { readonly problem: string } {
  const directory = path.dirname(bundleFile);
  const read = readSubmitted(path.join(directory, ENVELOPE), directory);
  if ('problem' in read) {
    return read.problem.includes('ENOENT') ? undefined : { problem: `${ENVELOPE} ${read.problem}` };
  }
  const content = parseSubmitted(read.bytes);
  if ('problem' in content) return { problem: `${ENVELOPE} is no signed bundle: ${content.problem}` };
  const parsed = envelopeSchema.safeParse(content.value);
  if (!parsed.success) return { problem: `${ENVELOPE} is no signed bundle: ${z.prettifyError(parsed.error)}` };
  return parsed.data;
}

/** Whose signature lies beside a submitted bundle, of those who are trusted for its kind of system. */
export function readSignature(
  bundleFile: string,
  { bundle, digest }: Pick<Submission, 'bundle' | 'digest'>,
  trust: Trust,
): Signature {
  const envelope = readEnvelope(bundleFile);
  if (envelope === undefined) return { problem: `the bundle is not signed: there is no ${ENVELOPE} beside it` };
  if ('problem' in envelope) return envelope;
  return signatureOf(envelope, digest, trust[bundle.predicate['phase9/v1'].sut.kind]);
}

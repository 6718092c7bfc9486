import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { crypto, dsse } from '@sigstore/core';
import { z } from 'zod';
import { sha256 } from '../sha256';
import { digestFor, fingerprint } from './signing-keys';

/** The signed form of a run's bundle, beside it. */
export const ENVELOPE = 'bundle.dsse.json';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** Base64 in its one form: another text for the same bytes is refused. */
const base64 = z.string().refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'not base64');

/** A DSSE envelope (https://github.com/secure-systems-lab/dsse) around an in-toto statement. */
export const envelopeSchema = z.strictObject({
  payloadType: z.literal(PAYLOAD_TYPE),
  payload: base64,
  signatures: z.array(z.strictObject({ keyid: z.string().optional(), sig: base64 })).min(1),
});
export type Envelope = z.infer<typeof envelopeSchema>;

export interface TrustedKey {
  /** Who signs with it: a role or a name. */
  readonly name: string;
  readonly key: KeyObject;
}

/** Who, of those trusted, signed a bundle; or why that is nobody: a sentence about the bundle. */
export type Signature = { readonly by: readonly string[] } | { readonly problem: string };

/** Signs a statement. Signatures of other keys in `before` stay, if they are of the same statement. */
export function signed(statement: Buffer, key: KeyObject, before?: Envelope): Envelope {
  const payload = statement.toString('base64');
  const keyid = fingerprint(createPublicKey(key));
  const sig = sign(digestFor(key), dsse.preAuthEncoding(PAYLOAD_TYPE, statement), key).toString('base64');
  const others = before?.payload === payload ? before.signatures.filter((one) => one.keyid !== keyid) : [];
  return { payloadType: PAYLOAD_TYPE, payload, signatures: [...others, { keyid, sig }] };
}

/**
 * Checks an envelope. A `keyid` decides nothing: every trusted key is tried.
 * @param digest SHA-256 of the statement that lies beside it, in hex
 */
export function signatureOf(envelope: Envelope, digest: string, trusted: readonly TrustedKey[]): Signature {
  const statement = Buffer.from(envelope.payload, 'base64');
  if (sha256(statement) !== digest) {
    return { problem: `the bundle is not the one that was signed: ${ENVELOPE} contains another` };
  }
  const content = dsse.preAuthEncoding(PAYLOAD_TYPE, statement);
  const isBy = ({ key }: TrustedKey) =>
    envelope.signatures.some(({ sig }) =>
      crypto.verify(content, key, Buffer.from(sig, 'base64'), digestFor(key) ?? undefined),
    );
  const by = [...new Set(trusted.filter(isBy).map(({ name }) => name))].sort();
  if (by.length > 0) return { by };
  const claimed = trusted.find(({ key }) => envelope.signatures.some(({ keyid }) => keyid === fingerprint(key)));
  if (claimed)
    return { problem: `the signature that names the key of ${claimed.name} is not its signature of this bundle` };
  return { problem: 'nobody who is trusted for this kind of system signed the bundle' };
}

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { crypto } from '@sigstore/core';
import { sha256 } from '../sha256';

const KINDS = 'ed25519 or ECDSA P-256';

/** A private key from PEM. @throws Error with what is wrong with it, as the end of a sentence, without its content. */
export function privateKeyOf(pem: string): KeyObject {
  if (/-----BEGIN PUBLIC KEY-----/.test(pem))
    throw new Error('contains a public key; a bundle is signed with the private one');
  return usable(() => createPrivateKey(pem), `a private key in PEM, without a passphrase (${KINDS})`);
}

/** A public key from PEM. @throws Error with what is wrong with it, as the end of a sentence, without its content. */
export function publicKeyOf(pem: string): KeyObject {
  // Node would take the public half of it; but then the private one lies where it must not.
  if (/PRIVATE KEY/.test(pem)) throw new Error('contains a private key; only the public one belongs here');
  return usable(() => crypto.createPublicKey(pem.trim()), `a public key in PEM (${KINDS})`);
}

/** What stands for a public key in messages and signatures: SHA-256 of its DER form, in hex. */
export function fingerprint(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}

/** The digest that is signed with a key: null where the algorithm has its own. */
export function digestFor({ asymmetricKeyType }: KeyObject): 'sha256' | null {
  return asymmetricKeyType === 'ec' ? 'sha256' : null;
}

function usable(make: () => KeyObject, wanted: string): KeyObject {
  let key: KeyObject;
  try {
    key = make();
  } catch {
    throw new Error(`is not ${wanted}`);
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  const curve = asymmetricKeyDetails?.namedCurve;
  if (asymmetricKeyType === 'ed25519' || (asymmetricKeyType === 'ec' && curve === 'prime256v1')) return key;
  throw new Error(`is a key of the kind ${curve ?? asymmetricKeyType}; ${KINDS} are taken`);
}

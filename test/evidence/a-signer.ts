import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface Signer {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A new key pair; it exists for as long as the test. */
export function aSigner(kind: 'ed25519' | 'p-256' | 'p-384' | 'rsa' = 'ed25519'): Signer {
  const { privateKey, publicKey } = pairOf(kind);
  return {
    privateKey,
    publicKey,
    privatePem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  };
}

function pairOf(kind: string) {
  if (kind === 'ed25519') return generateKeyPairSync('ed25519');
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 });
  return generateKeyPairSync('ec', { namedCurve: kind === 'p-256' ? 'P-256' : 'P-384' });
}
